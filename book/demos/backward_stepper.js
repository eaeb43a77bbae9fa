import { finiteDifference, outputShape, poolBackward, problem, shares, windowAt } from "./shared/pool.js";
import { button, choice, connect, enable, format, frame, make, nearest, panes } from "./shared/ui.js";
import { Grid, typedValue, withCell } from "./shared/grid.js";
import { fly, player } from "./shared/play.js";
import { geometryControls, settingsReader } from "./shared/settings.js";

const TRAITS = ["image", "preset", "operation", "ties", "kernel_size", "stride", "padding", "upstream", "sent", "cell"];
const TIES = { first: "first (PyTorch)", all: "all", split: "split" };

/** The gradient of the output: what the trait holds, or ones where that does not fit. */
function upstreamOf(given, [rows, columns]) {
  if (given.length === rows && given[0]?.length === columns) return given;
  return Array.from({ length: rows }, () => Array(columns).fill(1));
}

/** The same with zeros for the cells that have not been sent yet. */
function sentOnly(upstream, sent) {
  return upstream.map((line, i) => line.map((value, j) => (i * line.length + j < sent ? value : 0)));
}

const place = (row, column) => `[${row}, ${column}]`;

/** What the last window sent, in words. */
function sentence(image, win, settings, ties, upstream) {
  const receivers = shares(image, win, settings, ties);
  const amount = format(upstream * receivers[0].share);
  if (settings.operation === "average") {
    return `${format(upstream)} / ${win.area} = ${amount} goes to each of the ${receivers.length} input cells of the window.`;
  }
  const winners = shares(image, win, settings, "all").length;
  if (winners === 1) return `All of ${format(upstream)} goes to the maximum, input ${place(receivers[0].row, receivers[0].column)}.`;
  const rule = { first: `the first of them, ${place(receivers[0].row, receivers[0].column)}, takes ${amount}`,
    all: `each of them takes ${amount}`, split: `each of them takes a share of ${amount}` }[ties];
  return `${winners} cells tie for the maximum: ${rule}.`;
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Backward stepper",
    tryThis: ["step through the windows and stop at a tie; then ", ["set the stride to 1", () => apply({ stride: [1, 1], sent: 0 })],
      ", so that windows overlap, and predict which input cell collects the most."],
    onReset: () => {
      stepping.stop();
      geometry.reset();
      reset();
    },
  });

  const readSettings = settingsReader(model);
  const shown = () => {
    const image = model.get("image");
    const settings = readSettings();
    const shape = outputShape(image, settings);
    return { image, settings, shape, upstream: upstreamOf(model.get("upstream"), shape), count: shape[0] * shape[1] };
  };
  const editInput = (row, column, value) => apply({ image: withCell(model.get("image"), row, column, value), preset: "edited" });
  const editUpstream = (row, column, value) => apply({ upstream: withCell(shown().upstream, row, column, value) });
  const typing = (read, write) => (row, column, key) => {
    const value = typedValue(key, read()[row][column]);
    if (value !== undefined) write(row, column, value);
    return value !== undefined;
  };
  const compare = (row, column) => {
    const [r, c] = model.get("cell");
    if (r !== row || c !== column) apply({ cell: [row, column] });
  };
  const send = (row, column) => apply({ sent: row * shown().shape[1] + column + 1 });

  const input = new Grid("Input", { onVisit: compare, onType: typing(() => model.get("image"), editInput) });
  const output = new Grid("Gradient of the output", { onPress: send, onType: typing(() => shown().upstream, editUpstream),
    onVisit: (row, column) => output.select(row, column) });
  const gradient = new Grid("Gradient of the input", { onVisit: compare });

  const preset = choice("Input", Object.fromEntries(Object.keys(model.get("presets")).map((name) => [name, name])),
    (name) => apply({ preset: name, image: model.get("presets")[name], sent: 0 }));
  const operation = choice("Operation", { max: "max", average: "average" }, (value) => apply({ operation: value }));
  const ties = choice("Ties go to", TIES, (value) => apply({ ties: value }));
  const geometry = geometryControls(model, (changes) => apply({ ...changes, sent: 0 }));
  const back = button("Take one back", () => apply({ sent: model.get("sent") - 1 }));
  const stepping = player({
    name: "Send the next one",
    count: () => shown().count,
    at: () => model.get("sent") - 1,
    go: (place) => apply({ sent: place + 1 }),
    show: flyShares,
    wrap: false,
  });
  const all = button("Send all", () => apply({ sent: shown().count }));
  controls.append(
    make("div", { class: "lm-line" }, preset.node, operation.node, ties.node),
    make("div", { class: "lm-line" }, ...geometry.nodes, geometry.rectangular),
    make("div", { class: "lm-line" }, stepping.step, back, all, ...stepping.nodes.slice(1)),
  );

  const fault = make("p", { class: "lm-fault", role: "alert" });
  const progress = make("p", { class: "lm-result" });
  const slopes = make("p", { class: "lm-slopes" });
  stage.append(panes({ across: 12, gaps: 1 }, input.node, output.node, gradient.node),
    make("div", { class: "lm-readout" }, fault, progress, slopes));

  /** What the last output cell sent flies to the input cells that receive it. */
  function flyShares(place, milliseconds) {
    const { image, settings, shape, upstream } = shown();
    const [row, column] = [Math.floor(place / shape[1]), place % shape[1]];
    const receivers = shares(image, windowAt(image, row, column, settings), settings, model.get("ties"));
    fly(stage, receivers.map((one) => ({ from: output.cells[row][column], to: gradient.cells[one.row][one.column],
      text: format(upstream[row][column] * one.share) })), milliseconds);
  }

  function showSent({ image, settings, shape, upstream, count }, sent) {
    if (sent === 0) {
      progress.replaceChildren(`None of the ${count} output cells has sent its gradient yet. `
        + "Click a gradient of the output, or send the next one.");
      say(progress.textContent);
      for (const grid of [input, gradient, output]) grid.frame("window", null);
      return;
    }
    const [row, column] = [Math.floor((sent - 1) / shape[1]), (sent - 1) % shape[1]];
    const win = windowAt(image, row, column, settings);
    const area = { top: win.y.from, bottom: win.y.to, left: win.x.from, right: win.x.to };
    input.frame("window", area);
    gradient.frame("window", area);
    output.frame("window", { top: row, bottom: row + 1, left: column, right: column + 1 });
    output.select(row, column);
    const text = sentence(image, win, settings, model.get("ties"), upstream[row][column]);
    progress.replaceChildren(make("span", { class: "lm-label" }, `Sent ${sent} of ${count}, last ${place(row, column)}`), text);
    say(`Sent ${sent} of ${count}. ${text}`);
  }

  function showSlopes({ image, settings, upstream }, sent, arrived) {
    const [row, column] = nearest(model.get("cell"), [image.length, image[0].length]);
    const { up, down, central } = finiteDifference(image, sentOnly(upstream, sent), settings, row, column);
    const value = arrived[row][column];
    const spot = { top: row, bottom: row + 1, left: column, right: column + 1 };
    input.select(row, column);
    gradient.select(row, column);
    input.frame("cell", spot);
    gradient.frame("cell", spot);
    const close = (slope) => Math.abs(slope - value) < 1e-6 * Math.max(1, Math.abs(value));
    const verdict = close(central) ? "They agree."
      : `The slope differs on both sides of this value: at a tie there is no one derivative${
        close(up) || close(down) ? ", and the rule picked one side." : "."}`;
    slopes.replaceChildren(make("span", { class: "lm-label" }, `Input ${place(row, column)} against a finite difference`),
      make("code", {}, "gradient ", make("strong", {}, format(value)),
        `   slope upwards ${format(up)}, downwards ${format(down)}, central ${format(central)}`), ` ${verdict}`);
  }

  function update() {
    const state = shown();
    const { image, settings, count } = state;
    const fits = problem(image, settings);
    const sent = fits ? 0 : Math.max(0, Math.min(model.get("sent"), count));
    preset.show(model.get("preset"));
    operation.show(settings.operation);
    ties.show(model.get("ties"));
    geometry.show();
    for (const one of [stepping.step, stepping.play, all]) enable(one, !fits && sent < count);
    enable(back, sent > 0);
    fault.textContent = fits ? `Impossible: ${fits}` : "";
    fault.hidden = !fits;
    progress.hidden = slopes.hidden = Boolean(fits);
    input.show(image);
    if (fits) {
      output.clear();
      gradient.clear();
      for (const grid of [input, output, gradient]) for (const name of ["window", "cell"]) grid.frame(name, null);
      model.set("gradient", []);
      say(fault.textContent);
      return;
    }
    const arrived = poolBackward(image, sentOnly(state.upstream, sent), settings, model.get("ties"));
    model.set("gradient", arrived);
    output.show(state.upstream, { shade: (r, c) => (r * state.shape[1] + c < sent ? "lm-p7" : "lm-zero") });
    gradient.show(arrived);
    showSent(state, sent);
    showSlopes(state, sent, arrived);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return () => {
    stepping.stop();
    disconnect();
  };
}

export default { render };
