import { activationMap, features, place, summarise } from "./shared/network.js";
import { choice, connect, format, frame, grouped, make, panes, stepper } from "./shared/ui.js";
import { Grid } from "./shared/grid.js";
import { headWidth } from "./shared/receptive.js";

const TRAITS = ["head", "channels", "size", "classes", "new_size", "digit", "looked_for"];
const HEADS = { flatten: "flatten", average: "global average", max: "global max" };

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Head lab",
    tryThis: ["change the size of the maps and watch which head's parameter count moves; then "
      + "ask the network where it sees ", ["an 8 in a 3", () => apply({ digit: 3, looked_for: 8 })], "."],
    onReset: () => reset(),
  });
  const field = (label, control) => make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label), control.node);
  const head = choice("Head", HEADS, (value) => apply({ head: value }));
  const steppers = Object.fromEntries([["channels", "channels", 2048], ["size", "map size", 64], ["classes", "classes", 1000],
    ["new_size", "map size of another input", 64]].map(([name, label, max]) =>
    [name, [label, stepper(label, { min: 1, max }, (value) => apply({ [name]: value }))]]));
  controls.append(make("div", { class: "lm-line" }, head.node),
    make("div", { class: "lm-line" }, ...Object.values(steppers).map(([label, control]) => field(label, control))));
  const bars = make("div", { class: "lm-bars" });
  const rows = Object.fromEntries(Object.entries(HEADS).map(([name, label]) => {
    const row = { bar: make("i"), value: make("b") };
    bars.append(make("div", { class: "lm-bar" }, make("span", {}, label), make("span", {}, row.bar), row.value));
    return [name, row];
  }));
  const [count, other, result] = [make("p", { class: "lm-result" }), make("p", { role: "alert" }), make("p", { class: "lm-result" })];
  const numbers = Object.fromEntries(model.get("digits").map((_, i) => [String(i), String(i)]));
  const digit = choice("Digit shown", numbers, (value) => apply({ digit: Number(value) }));
  const wanted = choice("Class looked for", numbers, (value) => apply({ looked_for: Number(value) }));
  const input = new Grid("Digit", { onVisit: (row, column) => input.select(row, column) });
  const cam = new Grid("Class activation map", { onVisit: (row, column) => cam.select(row, column) });
  stage.append(make("div", { class: "lm-readout" }, bars, count, other), make("div", { class: "lm-line" }, digit.node, wanted.node),
    panes({ across: 20, gaps: 1 }, input.node, cam.node), result);

  function showCounts() {
    const [kind, channels, size, classes, newSize] = ["head", "channels", "size", "classes", "new_size"].map((name) => model.get(name));
    const parameters = (name) => headWidth(name, channels, size) * classes + classes;
    for (const [name, row] of Object.entries(rows)) {
      row.bar.style.setProperty("--share", parameters(name) / parameters("flatten"));
      row.value.textContent = grouped(parameters(name));
    }
    count.replaceChildren(make("span", { class: "lm-label" }, `Parameters of the classifier after ${HEADS[kind]}`),
      make("code", {}, `${headWidth(kind, channels, size)} · ${classes} + ${classes} = `, make("strong", {}, grouped(parameters(kind)))));
    const fits = headWidth(kind, channels, size) === headWidth(kind, channels, newSize);
    other.className = fits ? "lm-note" : "lm-fault";
    other.textContent = fits ? `Maps of ${newSize} × ${newSize} fit too: the classifier gets ${headWidth(kind, channels, newSize)} numbers either way.`
      : `Impossible: maps of ${newSize} × ${newSize} flatten to ${headWidth(kind, channels, newSize)} numbers, the classifier expects ${headWidth(kind, channels, size)}.`;
    return `${grouped(parameters(kind))} parameters after ${HEADS[kind]}. ${other.textContent}`;
  }

  function showMap() {
    const network = model.get("network");
    const { weight, bias } = network.layers.logits;
    const [shown, looked] = [model.get("digit"), model.get("looked_for")];
    const digitImage = model.get("digits")[shown];
    const map = features(place(digitImage, 24, 8, 8), network);
    const values = activationMap(map, weight[looked]);
    const logit = summarise(map, network.head).reduce((sum, mean, c) => sum + mean * weight[looked][c], bias[looked]);
    input.show(digitImage);
    cam.show(values.map((row) => row.map((value) => Math.round(value))));
    const mean = values.flat().reduce((sum, value) => sum + value, 0) / values.flat().length;
    result.replaceChildren(make("span", { class: "lm-label" }, `Where the network sees the class ${looked} in this ${shown} (24 × 24 canvas, ${map.size} × ${map.size} features)`),
      make("code", {}, `mean of the map ${format(mean)} + bias ${format(bias[looked])} = logit `, make("strong", {}, format(logit))));
    return `Logit of class ${looked} for this ${shown}: ${format(logit)}.`;
  }

  function update() {
    head.show(model.get("head"));
    for (const [name, [, control]] of Object.entries(steppers)) control.show(model.get(name));
    digit.show(String(model.get("digit")));
    wanted.show(String(model.get("looked_for")));
    say(`${showCounts()} ${showMap()}`);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return disconnect;
}

export default { render };
