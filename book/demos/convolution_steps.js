import { button, choice, connect, enable, format, frame, make, panes } from "./shared/ui.js";
import { channelSums, correlate, extent, taps } from "./shared/conv.js";
import { fly, player } from "./shared/play.js";
import { Grid } from "./shared/grid.js";

const TRAITS = ["lesson", "step"];
const SAYS = {
  window: "Each weight of the filter is multiplied by the pixel below it. The nine products are added: one cell of the map.",
  padding: "A border of zeros lets a window begin before the image and end behind it: 6 pixels give 6 cells. At the border fewer "
    + "of the nine pixels belong to the image.",
  stride: "The window moves on by two pixels, not by one: it skips every second place, and the map is half as wide.",
  dilation: "Neighbouring weights lie two pixels apart: the same nine weights span five pixels by five.",
  channels: "The filter has a slice for every channel. Each slice is laid on its own channel, and all sums are added: one map.",
};

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Convolution in steps",
    tryThis: "work out the next cell before you press the button. Then choose another lesson and say first how large its map "
      + "will be.",
    onReset: () => {
      slide.stop();
      reset();
    },
  });
  const lessons = model.get("lessons");
  const results = Object.fromEntries(Object.entries(lessons).map(([name, { image, weight, ...settings }]) =>
    [name, correlate(image, weight, settings)]));
  const pick = choice("Lesson", Object.fromEntries(Object.keys(lessons).map((name) => [name, name])),
    (value) => {
      slide.stop();
      apply({ lesson: value, step: 0 });
    });
  controls.append(make("div", { class: "lm-line" }, pick.node));

  const pairs = ["", ", channel 2"].map((which) => {
    const [input, kernel] = ["Image", "Filter"].map((name) => {
      const grid = new Grid(`${name}${which}`, { onVisit: (row, column) => grid.select(row, column) });
      return grid;
    });
    return { input, kernel };
  });
  const output = new Grid("Map", { onVisit: (row, column) => {
    const step = row * results[model.get("lesson")][0].length + column;
    if (step !== model.get("step")) apply({ step });
  } });
  const back = button("Back", () => {
    slide.stop();
    apply({ step: model.get("step") - 1 });
  });
  const slide = player({
    name: "Next window",
    count: () => results[model.get("lesson")].flat().length,
    at: () => model.get("step"),
    go: (step) => apply({ step }),
    show: (step, milliseconds) => flyProducts(step, milliseconds),
    wrap: false,
  });
  const [sum, note] = [make("p", { class: "lm-result" }), make("p", { class: "lm-note" })];
  const [first, second] = pairs.map(({ input, kernel }, c) =>
    panes({ across: 13, gaps: 2, sized: true }, input.node, kernel.node, ...(c ? [] : [output.node])));
  stage.append(first, second, make("div", { class: "lm-play" }, back, ...slide.nodes),
    make("div", { class: "lm-readout" }, sum, note));

  /** Each product that is not zero leaves its pixel and ends in the sum. */
  function flyProducts(step, milliseconds) {
    const { image, weight, ...settings } = lessons[model.get("lesson")];
    const columns = results[model.get("lesson")][0].length;
    const [row, column] = [Math.floor(step / columns), step % columns];
    const products = image.flatMap((plane, c) => taps(plane, weight[c], row, column, settings)
      .filter((tap) => tap.weight !== 0 && tap.value !== 0)
      .map((tap) => ({ from: pairs[c].input.cells[tap.row][tap.column], to: output.cells[row][column],
        text: `${format(tap.weight)}·${format(tap.value)}` })));
    fly(stage, products, milliseconds);
  }

  function showPair({ input, kernel }, plane, part, settings, [row, column]) {
    const { stride, padding, dilation } = settings;
    const [top, left] = [row * stride[0] - padding[0], column * stride[1] - padding[1]];
    const reach = extent(part.length, dilation[0]);
    input.show(plane, { padding, paddingText: "0" });
    kernel.show(part);
    input.frame("window", { top, left, bottom: top + reach, right: left + reach });
    const below = taps(plane, part, row, column, settings);
    input.frameAll("tap", dilation[0] === 1 ? [] : below.map((tap) =>
      ({ top: tap.row, bottom: tap.row + 1, left: tap.column, right: tap.column + 1 })));
    return below.map(({ weight, value }) => `${format(weight)}·${format(value)}`).join(" + ");
  }

  function update() {
    const { image, weight, ...settings } = lessons[model.get("lesson")];
    const values = results[model.get("lesson")];
    const last = values.length * values[0].length - 1;
    const step = Math.min(model.get("step"), last);
    const [row, column] = [Math.floor(step / values[0].length), step % values[0].length];
    pick.show(model.get("lesson"));
    enable(back, step > 0);
    enable(slide.step, step < last);
    enable(slide.play, step < last);
    second.hidden = image.length === 1;
    const terms = image.map((plane, c) => showPair(pairs[c], plane, weight[c], settings, [row, column]));
    output.show(values.map((line, r) => line.map((value, c) => (r * line.length + c <= step ? value : null))));
    output.select(row, column);
    output.frame("cell", { top: row, bottom: row + 1, left: column, right: column + 1 });
    const sums = channelSums(image, weight, row, column, settings);
    const lines = terms.flatMap((text, c) =>
      [text, " = ", make("strong", {}, format(sums[c])), ...(c < terms.length - 1 ? [make("br")] : [])]);
    sum.replaceChildren(make("span", { class: "lm-label" }, `Window ${step + 1} of ${last + 1}: row ${row}, column ${column} of the map`),
      make("code", {}, ...lines), image.length > 1 ? make("code", {}, make("br"), `both channels: ${sums.map(format).join(" + ")} = `,
        make("strong", {}, format(values[row][column]))) : "");
    note.textContent = SAYS[model.get("lesson")];
    say(`Window ${step + 1} of ${last + 1}: the cell in row ${row}, column ${column} of the map is ${format(values[row][column])}.`);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update);
  update();
  return () => {
    slide.stop();
    disconnect();
  };
}

export default { render };
