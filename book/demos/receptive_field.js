import { measure, stackProblem, trace } from "./shared/receptive.js";
import { button, connect, enable, frame, grouped, make, nearest, stepper } from "./shared/ui.js";

const TRAITS = ["size", "channels", "layers", "position"];
const MOST_LAYERS = 8;

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Receptive field and cost",
    tryThis: "reach a receptive field of 15 with 3×3 layers only: once without a stride, once with one pooling layer. "
      + "Which needs fewer parameters, which fewer multiply-accumulates?",
    onReset: () => reset(),
  });
  const change = (index, changes) =>
    apply({ layers: model.get("layers").map((layer, i) => (i === index ? { ...layer, ...changes } : layer)) });
  const add = (layer) => apply({ layers: [...model.get("layers"), layer] });

  const size = stepper("input size", { min: 4, max: 224 }, (value) => apply({ size: value }));
  const channels = stepper("input channels", { min: 1, max: 512 }, (value) => apply({ channels: value }));
  const conv = button("Add a convolution", () => add({ kind: "conv", kernel: 3, stride: 1, padding: 1, channels: 16 }));
  const pool = button("Add a pooling", () => add({ kind: "pool", kernel: 2, stride: 2, padding: 0, channels: 0 }));
  const remove = button("Remove the last", () => apply({ layers: model.get("layers").slice(0, -1) }));
  const field = (label, control) => make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label), control.node);
  controls.append(make("div", { class: "lm-line" }, field("input size", size), field("input channels", channels)),
    make("div", { class: "lm-line" }, conv, pool, remove));

  const fault = make("p", { class: "lm-fault", role: "alert" });
  const head = ["layer", "kernel", "stride", "padding", "channels", "size", "field", "jump", "parameters", "MACs"];
  const body = make("tbody", { role: "rowgroup" }); // roles are spelled out: on a phone the cells are no table to the eye
  const table = make("div", { class: "lm-scroll", tabindex: 0, role: "group", "aria-label": "Layers" },
    make("table", { class: "lm-table lm-stack", role: "table" }, make("thead", { role: "rowgroup" },
      make("tr", { role: "row" }, ...head.map((name) => make("th", { scope: "col", role: "columnheader" }, name)))), body));
  const position = make("input", { type: "range", min: 0, "aria-label": "output position", oninput: () => apply({ position: position.valueAsNumber }) });
  const rows = make("div", { class: "lm-strips", "aria-hidden": "true" });
  const summary = make("p", { class: "lm-result" });
  stage.append(fault, table, make("div", { class: "lm-trace" },
    make("label", { class: "lm-range" }, make("span", { class: "lm-label" }, "Trace an output cell"), position), rows, summary));
  let lines = [];

  function buildRows(layers) {
    const limits = { kernel: { min: 1, max: 11 }, stride: { min: 1, max: 8 }, padding: { min: 0, max: 5 }, channels: { min: 1, max: 512 } };
    const editable = (layer) => Object.keys(limits).filter((name) => name !== "channels" || layer.kind === "conv");
    lines = [null, ...layers].map((layer, i) => {
      const numbers = layer ? Object.fromEntries(editable(layer).map((name) =>
        [name, stepper(`${name} of layer ${i}`, limits[name], (value) => change(i - 1, { [name]: value }))])) : {};
      const cell = (name, content = "") => make("td", { role: "cell", "data-name": name }, content);
      const results = head.slice(5).map((name) => cell(name));
      const cells = Object.keys(limits).map((name) => cell(name, numbers[name]?.node));
      const name = layer ? `${i} ${{ conv: "convolution", pool: "pooling" }[layer.kind]}` : "input";
      return { numbers, results, row: make("tr", { role: "row" }, make("th", { scope: "row", role: "rowheader" }, name), ...cells, ...results) };
    });
    lines.key = layers.map((layer) => layer.kind).join();
    body.replaceChildren(...lines.map(({ row }) => row));
  }

  function showStrips(states, spans) {
    rows.replaceChildren(...states.map((state, i) => {
      const strip = make("div", { class: "lm-strip" });
      const [first, last] = spans[i];
      strip.style.setProperty("--from", first / state.size);
      strip.style.setProperty("--share", (last - first + 1) / state.size);
      strip.style.setProperty("--count", state.size);
      return make("div", { class: "lm-stripline" }, make("span", {}, i ? `layer ${i}` : "input"), strip);
    }).reverse());
  }

  function update() {
    const [input, layers] = [{ size: model.get("size"), channels: model.get("channels") }, model.get("layers")];
    const fits = stackProblem(input, layers);
    if (lines.key !== layers.map((layer) => layer.kind).join()) buildRows(layers);
    size.show(input.size);
    channels.show(input.channels);
    layers.forEach((layer, i) => Object.entries(lines[i + 1].numbers).forEach(([name, control]) => control.show(layer[name])));
    enable(remove, layers.length > 0);
    for (const one of [conv, pool]) enable(one, layers.length < MOST_LAYERS);
    fault.textContent = fits ? `Impossible: ${fits}` : "";
    fault.hidden = !fits;
    rows.hidden = summary.hidden = Boolean(fits);
    position.disabled = Boolean(fits);
    const states = measure(input, layers);
    states.forEach((state, i) => [`${state.size} × ${state.size}`, state.field, state.jump, grouped(state.parameters), grouped(state.macs)]
      .forEach((text, j) => { lines[i].results[j].textContent = fits ? "–" : text; }));
    if (fits) {
      say(fault.textContent);
      return;
    }
    const last = states.at(-1);
    position.max = last.size - 1;
    const [at] = nearest([model.get("position")], [last.size]);
    position.value = at;
    const spans = trace(input, layers, at);
    showStrips(states, spans);
    const total = (name) => grouped(states.reduce((sum, state) => sum + state[name], 0));
    const seen = spans[0][1] - spans[0][0] + 1;
    summary.textContent = `Output cell ${at} sees input cells ${spans[0][0]} to ${spans[0][1]}: ${seen} of a receptive field of ${last.field}`
      + `${seen < last.field ? " (the rest is padding)" : ""}. The stack has ${total("parameters")} parameters and takes ${total("macs")} MACs.`;
    say(summary.textContent);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return disconnect;
}

export default { render };
