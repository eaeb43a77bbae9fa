import { convolve, dense, HALVE, place, rectify, softmax, summarise } from "./shared/network.js";
import { choice, connect, format, frame, grouped, make } from "./shared/ui.js";
import { headWidth, measure } from "./shared/receptive.js";
import { paint } from "./shared/paint.js";

const TRAITS = ["digit", "pool", "head", "size", "filters"];
const POOLS = { max: "max", average: "average", stride: "stride", none: "none" };
const HEADS = { flatten: "flatten", "global maximum": "global maximum" };
const SIZES = { 16: "16 × 16", 24: "24 × 24", 32: "32 × 32" };
const FILTERS = { "6,12": "6, then 12", "3,6": "3, then 6", "1,2": "1, then 2" };
const CLASSES = 10;

/** The rows of the table: { name, shape, parameters, macs }, the image first. */
function rowsOf({ pool, head, size, filters }) {
  const stride = pool === "stride" ? 2 : 1;
  const stages = filters.flatMap((channels) => [
    { name: `convolution 3×3${stride === 2 ? ", stride 2" : ""}`, layer: { kind: "conv", kernel: 3, stride, padding: 1, channels } },
    { name: "rectifier (ReLU)" },
    ...(["max", "average"].includes(pool) ? [{ name: `${pool} pool 2×2`, layer: { kind: "pool", kernel: 2, stride: 2, padding: 0 } }] : []),
  ]);
  const [image, ...states] = measure({ size, channels: 1 }, stages.flatMap(({ layer }) => layer ?? []));
  const row = (name, state, paid = true) => ({ name, shape: `${state.channels} × ${state.size} × ${state.size}`,
    parameters: paid ? state.parameters : 0, macs: paid ? state.macs : 0 });
  const rows = [row("image", image)];
  let state = image;
  for (const { name, layer } of stages) {
    if (layer) state = states.shift();
    rows.push(row(name, state, Boolean(layer)));
  }
  const width = headWidth(head, state.channels, state.size);
  return [...rows,
    { name: head, shape: String(width), parameters: 0, macs: 0 },
    { name: "dense", shape: String(CLASSES), parameters: width * CLASSES + CLASSES, macs: width * CLASSES },
    { name: "softmax", shape: String(CLASSES), parameters: 0, macs: 0 }];
}

/** What stands behind every layer, the image first: maps { channels, size, data }, then lists of numbers. */
function forward(image, { down, head, layers }, [first, second]) {
  const maps = [image];
  const push = (map) => { maps.push(map); return map; };
  let map = image;
  for (const { weight, bias } of [
    { weight: layers.conv1.weight.slice(0, first), bias: layers.conv1.bias },
    { weight: layers.conv2.weight.slice(0, second).map((slices) => slices.slice(0, first)), bias: layers.conv2.bias },
  ]) {
    const sums = convolve(map, weight, bias);
    map = push(rectify(push(down === "stride" ? HALVE.stride(sums) : sums)));
    if (["max", "avg"].includes(down)) map = push(HALVE[down](map));
  }
  const inputs = summarise(map, head);
  const { weight, bias } = layers.logits; // inputs stand channel by channel: those of the first filters come first
  const logits = dense(inputs, { weight: weight.map((row) => row.slice(0, inputs.length)), bias });
  return [...maps, inputs, logits, softmax(logits)];
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "The whole network",
    tryThis: "change the head and watch which layer the parameters leave; then take the pools away and watch what the second "
      + "convolution costs.",
    onReset: () => reset(),
  });
  const numbers = Object.fromEntries(model.get("digits").map((_, i) => [String(i), String(i)]));
  const picks = [
    ["digit", choice("Digit", numbers, (value) => apply({ digit: Number(value) }))],
    ["pool", choice("Pool", POOLS, (value) => apply({ pool: value }))],
    ["head", choice("Head", HEADS, (value) => apply({ head: value }))],
    ["size", choice("Image", SIZES, (value) => apply({ size: Number(value) }))],
    ["filters", choice("Filters", FILTERS, (value) => apply({ filters: value.split(",").map(Number) }))],
  ];
  const nodes = picks.map(([, control]) => control.node);
  controls.append(make("div", { class: "lm-line" }, nodes[0]), make("div", { class: "lm-line" }, ...nodes.slice(1, 3)),
    make("div", { class: "lm-line" }, ...nodes.slice(3)));

  const heads = ["layer", "shape", "parameters", "MACs", "what comes out"];
  const body = make("tbody", { role: "rowgroup" }); // roles are spelled out: on a phone the cells are no table to the eye
  const fault = make("p", { class: "lm-fault", role: "alert" });
  const result = make("p", { class: "lm-result" });
  stage.append(fault, make("table", { class: "lm-table lm-layers", role: "table" }, make("thead", { role: "rowgroup" },
    make("tr", { role: "row" }, ...heads.map((name) => make("th", { scope: "col", role: "columnheader" }, name)))), body), result);

  function drawMaps({ channels, size, data }) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const canvases = Array.from({ length: channels }, (_, c) => {
      const canvas = make("canvas", { class: "lm-map", width: size, height: size });
      paint(canvas, data.subarray(c * size * size, (c + 1) * size * size).map((value) => value / largest));
      return canvas;
    });
    const label = `${channels} ${channels === 1 ? "map" : "maps"} of ${size} × ${size}, largest magnitude ${format(largest)}`;
    return make("div", { class: "lm-maps", role: "img", "aria-label": label }, ...canvases);
  }

  function drawRow(values) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const canvas = make("canvas", { class: "lm-map lm-onerow", width: values.length, height: 1, role: "img",
      "aria-label": `${values.length} numbers in one row, largest magnitude ${format(largest)}` });
    paint(canvas, values.map((value) => value / largest));
    return canvas;
  }

  function drawClasses(values, text) {
    const top = values.indexOf(Math.max(...values));
    return make("div", { class: "lm-classes" }, ...values.map((value, k) =>
      make("span", { class: k === top ? "lm-top" : "" }, make("b", {}, String(k)), make("span", {}, text(value)))));
  }

  /** Why there is no network to show, or null. */
  function missing(network, { pool, head, size }) {
    if (!network) return "No network without a pool was trained to flatten its maps: the counts stand alone.";
    const expected = network.layers.logits.weight[0].length;
    const given = headWidth(head, network.layers.conv2.weight.length, pool === "none" ? size : size / 4);
    return expected === given ? null : `Impossible: this dense layer was trained on ${expected} numbers, and an image of `
      + `${size} × ${size} gives it ${given}. Only the counts are shown.`;
  }

  function update() {
    const setting = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
    for (const [name, control] of picks) control.show(String(setting[name]));
    const network = model.get("networks")[`${setting.pool}, ${setting.head}`];
    const why = missing(network, setting);
    fault.textContent = why ?? "";
    fault.hidden = !why;
    const rows = rowsOf(setting);
    const corner = (setting.size - 8) / 2;
    const image = place(model.get("digits")[setting.digit], setting.size, corner, corner);
    const outputs = why ? [image] : forward(image, network, setting.filters);
    const shares = outputs.at(-1);
    const drawn = (i) => {
      if (!outputs[i]) return "–";
      if (outputs[i].channels) return drawMaps(outputs[i]);
      if (i === rows.length - 1) return drawClasses(outputs[i], (value) => `${Math.round(100 * value)} %`);
      return i === rows.length - 2 ? drawClasses(outputs[i], (value) => format(Math.round(10 * value) / 10)) : drawRow(outputs[i]);
    };
    const cell = (name, content) => make("td", { role: "cell", "data-name": name }, content);
    body.replaceChildren(...rows.map(({ name, shape, parameters, macs }, i) => make("tr", { role: "row" },
      make("th", { scope: "row", role: "rowheader" }, name), cell("shape", shape), cell("parameters", grouped(parameters)),
      cell("MACs", grouped(macs)), make("td", { role: "cell", class: "lm-drawn" }, drawn(i)))));
    const total = (name) => grouped(rows.reduce((sum, row) => sum + row[name], 0));
    const top = why ? 0 : shares.indexOf(Math.max(...shares));
    const answer = why ? "" : `The network says ${top}, with a share of ${Math.round(100 * shares[top])} %. `;
    const cut = why || setting.filters.join() === "6,12" ? ""
      : " It was trained with all of its filters; with some of them cut away its answer may be anything.";
    result.textContent = `${answer}All layers together: ${total("parameters")} parameters, ${total("macs")} multiply-accumulates (MACs).${cut}`;
    say(`${fault.textContent} ${result.textContent}`.trim());
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update);
  update();
  return disconnect;
}

export default { render };
