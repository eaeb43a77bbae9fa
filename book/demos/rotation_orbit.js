import { correlate, rot90 } from "./shared/conv.js";
import { button, choice, connect, format, frame, make, panes } from "./shared/ui.js";
import { Grid, magnitude, typedValue, withCell } from "./shared/grid.js";

const TRAITS = ["image", "preset", "weight", "turns"];
const PLAIN = { stride: [1, 1], padding: [0, 0], dilation: [1, 1] };

/** The strongest response of each rotation of the filter, and where it is: { best, row, column, response }. */
function responses(image, weight) {
  return [0, 1, 2, 3].map((turn) => {
    const response = correlate([image], [rot90(weight, turn)], PLAIN);
    const best = Math.max(...response.flat());
    const row = response.findIndex((line) => line.includes(best));
    return { best, row, column: response[row].indexOf(best) };
  });
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Rotation orbit",
    tryThis: [["turn the image", () => turn(1)()], " and watch the four bars: they change places, and their maximum stays. "
      + "Edit the filter so that all four bars are equal for every image."],
    onReset: () => reset(),
  });
  const type = (row, column, key) => {
    const value = typedValue(key, model.get("weight")[row][column]);
    if (value !== undefined) apply({ weight: withCell(model.get("weight"), row, column, value) });
    return value !== undefined;
  };
  const input = new Grid("Image, turned", { onVisit: (row, column) => input.select(row, column) });
  const kernel = new Grid("Filter", { onVisit: (row, column) => kernel.select(row, column), onType: type,
    onPress: (row, column) => {
      const value = { 0: 1, 1: -1 }[model.get("weight")[row][column]] ?? 0;
      apply({ weight: withCell(model.get("weight"), row, column, value) });
    } });
  const preset = choice("Image", Object.fromEntries(Object.keys(model.get("presets")).map((name) => [name, name])),
    (name) => apply({ preset: name, image: model.get("presets")[name] }));
  const turn = (by) => () => apply({ turns: (((model.get("turns") + by) % 4) + 4) % 4 });
  controls.append(make("div", { class: "lm-line" }, preset.node, button("Turn left", turn(1), "lm-main"), button("Turn right", turn(-1))));
  const bars = make("div", { class: "lm-bars" });
  const rows = [0, 1, 2, 3].map((quarter) => {
    const row = { bar: make("i"), value: make("b") };
    bars.append(make("div", { class: "lm-bar" }, make("span", {}, `filter at ${90 * quarter}°`), make("span", {}, row.bar), row.value));
    return row;
  });
  const result = make("p", { class: "lm-result" });
  stage.append(panes({ across: 11, gaps: 1 }, input.node, kernel.node), make("div", { class: "lm-readout" }, bars, result));

  function update() {
    const turned = rot90(model.get("image"), model.get("turns"));
    const found = responses(turned, model.get("weight"));
    preset.show(model.get("preset"));
    input.show(turned);
    kernel.show(model.get("weight"));
    const pooled = Math.max(...found.map((one) => one.best));
    model.set("pooled", pooled);
    const scale = magnitude([found.map((one) => one.best)]) || 1;
    found.forEach(({ best }, i) => {
      rows[i].bar.style.setProperty("--share", Math.max(0, best) / scale);
      rows[i].value.textContent = format(best);
    });
    const winner = found.find((one) => one.best === pooled);
    const size = model.get("weight").length;
    input.frame("window", { top: winner.row, left: winner.column, bottom: winner.row + size, right: winner.column + size });
    result.replaceChildren(make("span", { class: "lm-label" }, `Image turned by ${90 * model.get("turns")}°`),
      "One filter, unturned, answers ", make("code", {}, format(found[0].best)), "; the maximum over the orbit is ",
      make("code", {}, make("strong", {}, format(pooled))), ".");
    say(`Image turned by ${90 * model.get("turns")} degrees: the filter alone answers ${format(found[0].best)}, the orbit ${format(pooled)}`);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return disconnect;
}

export default { render };
