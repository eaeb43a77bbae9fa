import { connect, format, frame } from "./shared/ui.js";

function render({ model, el }) {
  const { stage, say } = frame(el, { title: "Mean meter", tryThis: "add up the cells.", onReset: () => reset() });
  const update = () => {
    const cells = model.get("image").flat();
    stage.textContent = `The mean is ${format(cells.reduce((sum, cell) => sum + cell, 0) / cells.length)}.`;
    say(stage.textContent);
  };
  const { reset, disconnect } = connect(model, ["image"], update);
  update();
  return disconnect;
}
export default { render };
