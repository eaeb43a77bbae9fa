import { channelSums, convProblem, correlate, extent, taps } from "./shared/conv.js";
import { choice, connect, format, frame, make, nearest, panes, remembered, stepper } from "./shared/ui.js";
import { Grid, magnitude, typedValue, withCell } from "./shared/grid.js";
import { fly, player } from "./shared/play.js";
import { geometryControls, sizeFormula } from "./shared/settings.js";

const TRAITS = ["image", "preset", "weight", "filter", "stride", "padding", "dilation", "channel", "window"];
const LIMITS = { stride: { min: 1, max: 6 }, padding: { min: 0, max: 4 }, dilation: { min: 1, max: 4 } };
const MOST_TERMS = 25;

const signed = (value) => (value < 0 ? `(${format(value)})` : format(value));

/** A filter cropped or padded with zeros, about its middle, to another size. */
function resized(kernel, size) {
  const shift = Math.floor((kernel.length - size) / 2);
  return Array.from({ length: size }, (_, r) =>
    Array.from({ length: size }, (_, c) => kernel[r + shift]?.[c + shift] ?? 0));
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Convolution explorer",
    tryThis: [["put the vertical edge filter on the line", () => edgesOfTheLine()], " and predict the signs left and right of it; "
      + "then click a weight and type a number: the filter is yours."],
    onReset: () => {
      slide.stop();
      geometry.reset();
      reset();
    },
  });
  const named = (traits) => Object.fromEntries(Object.keys(model.get(traits)).map((name) => [name, name]));
  const channelOf = () => Math.min(model.get("channel"), model.get("image").length - 1);
  const replace = (stack, matrix) => stack.map((old, c) => (c === channelOf() ? matrix : old));
  const typing = (trait, mark) => (row, column, key) => {
    const stack = model.get(trait);
    const value = typedValue(key, stack[channelOf()][row][column]);
    if (value === undefined) return false;
    apply({ [trait]: replace(stack, withCell(stack[channelOf()], row, column, value)), [mark]: "edited" });
    return true;
  };

  const input = new Grid("Input", {
    onVisit: (row, column) => input.select(row, column), onType: typing("image", "preset"),
    onPress: (row, column) => {
      const plane = model.get("image")[channelOf()];
      const brush = magnitude(plane) || 1;
      const value = plane[row][column] === brush ? 0 : brush;
      apply({ image: replace(model.get("image"), withCell(plane, row, column, value)), preset: "edited" });
    },
  });
  const kernel = new Grid("Filter", {
    onVisit: (row, column) => kernel.select(row, column), onType: typing("weight", "filter"),
    onPress: (row, column) => {
      const plane = model.get("weight")[channelOf()];
      const value = { 0: 1, 1: -1 }[plane[row][column]] ?? 0;
      apply({ weight: replace(model.get("weight"), withCell(plane, row, column, value)), filter: "edited" });
    },
  });
  const output = new Grid("Output", { onVisit: (row, column) => {
    const [r, c] = model.get("window");
    if (r !== row || c !== column) apply({ window: [row, column] });
  } });

  const preset = choice("Input", named("presets"), (name) => {
    const image = model.get("presets")[name];
    apply({ preset: name, image, weight: image.map((_, c) => model.get("weight")[c] ?? model.get("weight")[0]) });
  });
  const filter = choice("Filter", named("filters"), (name) =>
    apply({ filter: name, weight: model.get("image").map(() => model.get("filters")[name]) }));
  const edgesOfTheLine = () => apply({ preset: "line", image: model.get("presets").line, filter: "vertical edge",
    weight: [model.get("filters")["vertical edge"]] });
  const size = stepper("kernel", { min: 1, max: 5 }, (value) =>
    apply({ weight: model.get("weight").map((plane) => resized(plane, value)), filter: "edited" }));
  const geometry = geometryControls(model, (changes) => apply(changes), LIMITS);
  const channel = stepper("channel shown", { min: 1, max: 3 }, (value) =>
    apply({ channel: Math.min(value, model.get("image").length) - 1 }));
  const field = (label, control) => make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label), control.node);
  const channelField = field("channel shown", channel);
  controls.append(make("div", { class: "lm-line" }, preset.node, filter.node),
    make("div", { class: "lm-line" }, field("kernel", size), ...geometry.nodes, channelField, geometry.rectangular));

  const outputs = () => model.get("output");
  const across = () => outputs()[0]?.length ?? 0;
  const slide = player({
    name: "Next cell",
    count: () => outputs().length * across(),
    at: () => cellShown()[0] * across() + cellShown()[1],
    go: (place) => apply({ window: [Math.floor(place / across()), place % across()] }),
    show: (_, milliseconds) => flyProducts(milliseconds),
  });
  const [fault, sizes, result, note] = [make("p", { class: "lm-fault", role: "alert" }), make("div", { class: "lm-sizes" }),
    make("p", { class: "lm-result" }), make("p", { class: "lm-note" })];
  stage.append(panes({ across: 11, gaps: 1, sized: true }, input.node, kernel.node, output.node,
    make("div", { class: "lm-play" }, ...slide.nodes)),
    make("div", { class: "lm-readout" }, fault, sizes, result, note));

  const correlated = remembered((image, weight, stride, padding, dilation) =>
    correlate(image, weight, { stride, padding, dilation }));

  /** The output cell looked at; the window may have been left where there is no output any more. */
  function cellShown() {
    return nearest(model.get("window"), [outputs().length, across()]);
  }

  /** Each product leaves its input cell and ends in the sum. */
  function flyProducts(milliseconds) {
    const [row, column] = cellShown();
    const [plane, kernelPlane] = [model.get("image")[channelOf()], model.get("weight")[channelOf()]];
    const settings = { stride: model.get("stride"), padding: model.get("padding"), dilation: model.get("dilation") };
    const products = taps(plane, kernelPlane, row, column, settings).filter((tap) => tap.weight !== 0 && input.cells[tap.row]?.[tap.column]);
    fly(stage, products.map((tap) => ({ from: input.cells[tap.row][tap.column], to: output.cells[row][column],
      text: `${signed(tap.weight)}·${signed(tap.value)}` })), milliseconds);
  }

  function showWindow(image, weight, values, settings) {
    const [row, column] = cellShown();
    const shown = taps(image[channelOf()], weight[channelOf()], row, column, settings);
    const [top, left] = [row * settings.stride[0] - settings.padding[0], column * settings.stride[1] - settings.padding[1]];
    output.select(row, column);
    output.frame("cell", { top: row, bottom: row + 1, left: column, right: column + 1 });
    input.frame("window", { top, left, bottom: top + extent(weight[0].length, settings.dilation[0]),
      right: left + extent(weight[0][0].length, settings.dilation[1]) });
    const spread = settings.dilation.some((d) => d > 1);
    input.frameAll("tap", spread ? shown.map((tap) => ({ top: tap.row, bottom: tap.row + 1, left: tap.column, right: tap.column + 1 })) : []);
    const used = shown.filter((tap) => tap.weight !== 0);
    const terms = used.slice(0, MOST_TERMS).map((tap) => `${signed(tap.weight)}·${signed(tap.value)}`).join(" + ") || "0";
    const sums = channelSums(image, weight, row, column, settings);
    const tail = image.length > 1 ? ` = ${format(sums[channelOf()])} in channel ${channelOf() + 1}` : "";
    result.replaceChildren(make("span", { class: "lm-label" }, `Output [${row}, ${column}]`), make("code", {}, terms, tail,
      image.length > 1 ? `; all channels: ${sums.map(signed).join(" + ")}` : "", " = ", make("strong", {}, format(values[row][column]))));
    note.textContent = used.length < shown.length ? `${shown.length - used.length} weights are 0 and left out of the sum.` : "";
    say(`Output row ${row + 1}, column ${column + 1} is ${format(values[row][column])}`);
  }

  function update() {
    const [image, weight] = [model.get("image"), model.get("weight")];
    const settings = { stride: model.get("stride"), padding: model.get("padding"), dilation: model.get("dilation") };
    const fits = convProblem(image, weight, settings);
    preset.show(model.get("preset"));
    filter.show(model.get("filter"));
    size.show(weight[0].length);
    geometry.show();
    channel.show(channelOf() + 1);
    channelField.hidden = image.length === 1;
    input.show(image[channelOf()], { padding: fits ? [0, 0] : settings.padding, paddingText: "0" });
    kernel.show(weight[channelOf()]);
    fault.textContent = fits ? `Impossible: ${fits}` : "";
    fault.hidden = !fits;
    sizes.hidden = result.hidden = note.hidden = Boolean(fits);
    const values = fits ? [] : correlated(image, weight, ...Object.values(settings));
    model.set("output", values);
    if (fits) {
      output.clear();
      input.frame("window", null);
      input.frameAll("tap", []);
      output.frame("cell", null);
      say(fault.textContent);
      return;
    }
    sizes.replaceChildren(...sizeFormula(image[0], { ...settings, kernel: [weight[0].length, weight[0][0].length] }));
    output.show(values);
    showWindow(image, weight, values, settings);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return () => {
    slide.stop();
    disconnect();
  };
}

export default { render };
