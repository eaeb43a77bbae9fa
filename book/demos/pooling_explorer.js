import { cellsOf, divisor, pool, poolWindow, problem, windowAt } from "./shared/pool.js";
import { choice, connect, format, frame, make, nearest, panes, remembered, stepper, toggle } from "./shared/ui.js";
import { Grid, magnitude, typedValue, withCell } from "./shared/grid.js";
import { fly, player } from "./shared/play.js";
import { geometryControls, settingsReader, sizeFormula } from "./shared/settings.js";

const TRAITS = ["image", "preset", "operation", "kernel_size", "stride", "padding", "ceil_mode",
  "count_include_pad", "norm_type", "window"];
const OPERATIONS = { max: "max", average: "average", lp: "Lp" };
const MOST_TERMS = 25;

function numbers(cells, wrap, winner) {
  const shown = cells.slice(0, MOST_TERMS).flatMap((cell, i) => {
    const text = wrap(format(cell.value));
    return [i ? ", " : "", cell.value === winner ? make("b", {}, text) : text];
  });
  return cells.length > MOST_TERMS ? [...shown, `, … (${cells.length} values)`] : shown;
}

function joined(cells, wrap) {
  const text = cells.slice(0, MOST_TERMS).map((cell) => wrap(format(cell.value))).join(" + ");
  return cells.length > MOST_TERMS ? `${text} + … (${cells.length} values)` : text;
}

const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

/** How one output value comes about: nodes for the eye. */
function arithmetic(image, win, settings) {
  const cells = cellsOf(image, win);
  const value = poolWindow(image, win, settings);
  if (settings.operation === "max") return ["max(", ...numbers(cells, (text) => text, value), ")"];
  if (settings.operation === "average") {
    return [`(${joined(cells, bracketed)}) / ${divisor(win, settings)}`];
  }
  const p = settings.normType;
  const whole = settings.kernel[0] * settings.kernel[1];
  const scale = win.clipped ? ` · ${whole}/${win.area}` : "";
  return [`((${joined(cells, (text) => `|${text}|`)})`, make("sup", {}, "each to the power ", format(p)), `${scale})`,
    make("sup", {}, `1/${format(p)}`)];
}

/** What the edges do to this window, in words. */
function edgeNote(win, settings) {
  const outside = win.area - win.count;
  const notes = [];
  if (win.clipped) notes.push("Ceil mode: the window ends with the padded input.");
  if (settings.operation === "max" && outside) notes.push(`${outside} padding cells count as −∞: they never win.`);
  if (settings.operation === "average" && outside) {
    notes.push(settings.countIncludePad
      ? `The divisor ${win.area} counts ${outside} padding cells, each worth 0.`
      : `The divisor ${win.count} leaves out ${outside} padding cells.`);
  }
  if (settings.operation === "lp" && win.clipped) notes.push("PyTorch scales the clipped sum up to the whole kernel.");
  return notes.join(" ");
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Pooling explorer",
    tryThis: [["give the line a padding of 1", () => paddedLine()], " and find the output cells where average and max disagree most; "
      + "then click input cells to draw, and watch a single pixel survive the maximum but fade in the average."],
    onReset: () => {
      slide.stop();
      geometry.reset();
      reset();
    },
  });

  const [readSettings, pooled] = [settingsReader(model), remembered(pool)];
  const visit = (row, column) => {
    const [r, c] = model.get("window");
    if (r !== row || c !== column) apply({ window: [row, column] });
  };
  const edit = (row, column, value) => {
    apply({ image: withCell(model.get("image"), row, column, value), preset: "edited" });
    say(`Input row ${row + 1}, column ${column + 1} is now ${format(value)}`);
  };
  const flip = (row, column) => {
    const image = model.get("image");
    const brush = magnitude(image) || 1;
    edit(row, column, image[row][column] === brush ? 0 : brush);
  };
  const type = (row, column, key) => {
    const value = typedValue(key, model.get("image")[row][column]);
    if (value !== undefined) edit(row, column, value);
    return value !== undefined;
  };
  const input = new Grid("Input", {
    onVisit: (row, column) => input.select(row, column), onPress: flip, onType: type,
  });
  const output = new Grid("Output", { onVisit: visit });

  const preset = choice("Input", Object.fromEntries(Object.keys(model.get("presets")).map((name) => [name, name])),
    (name) => apply({ preset: name, image: model.get("presets")[name] }));
  const paddedLine = () => apply({ preset: "line", image: model.get("presets").line, padding: [1, 1] });
  const operation = choice("Operation", OPERATIONS, (value) => apply({ operation: value }));
  const geometry = geometryControls(model, (changes) => apply(changes));
  const ceil = toggle("ceil_mode", (value) => apply({ ceil_mode: value }));
  const include = toggle("count_include_pad", (value) => apply({ count_include_pad: value }));
  const power = stepper("power p", { min: 1, max: 32 }, (value) => apply({ norm_type: value }));
  const powerField = make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, "power p"), power.node);
  controls.append(
    make("div", { class: "lm-line" }, preset.node, operation.node),
    make("div", { class: "lm-line" }, ...geometry.nodes, powerField, geometry.rectangular, ceil.node, include.node),
  );

  const outputs = () => model.get("output");
  const across = () => outputs()[0]?.length ?? 0;
  const slide = player({
    name: "Next window",
    count: () => outputs().length * across(),
    at: () => cellShown()[0] * across() + cellShown()[1],
    go: (place) => visit(Math.floor(place / across()), place % across()),
    show: (_, milliseconds) => flyValues(milliseconds),
  });
  const sizes = make("div", { class: "lm-sizes" });
  const result = make("p", { class: "lm-result" });
  const note = make("p", { class: "lm-note" });
  const fault = make("p", { class: "lm-fault", role: "alert" });
  const arrow = make("div", { class: "lm-arrow", "aria-hidden": "true" }, "→");
  stage.append(panes({ across: 8, sized: true }, input.node, arrow, output.node,
    make("div", { class: "lm-play" }, ...slide.nodes)),
    make("div", { class: "lm-readout" }, fault, sizes, result, note));

  function showControls(settings) {
    preset.show(model.get("preset"));
    operation.show(settings.operation);
    geometry.show();
    ceil.show(settings.ceilMode);
    include.show(settings.countIncludePad, settings.operation === "average");
    power.show(settings.normType);
    powerField.hidden = settings.operation !== "lp";
  }

  /** The output cell looked at; the window may have been left where there is no output any more. */
  function cellShown() {
    return nearest(model.get("window"), [outputs().length, across()]);
  }

  /** What counts leaves its input cell and ends in the output; below a maximum the others fade. */
  function flyValues(milliseconds) {
    const [row, column] = cellShown();
    const [image, settings] = [model.get("image"), readSettings()];
    const win = windowAt(image, row, column, settings);
    const best = settings.operation === "max" ? poolWindow(image, win, settings) : null;
    fly(stage, cellsOf(image, win).map((cell) => ({ from: input.cells[cell.row][cell.column], text: format(cell.value),
      to: best === null || cell.value === best ? output.cells[row][column] : null })), milliseconds);
  }

  function showWindow(image, values, settings) {
    const [row, column] = cellShown();
    const win = windowAt(image, row, column, settings);
    output.select(row, column);
    output.frame("cell", { top: row, bottom: row + 1, left: column, right: column + 1 });
    input.frame("window", { top: win.y.start, bottom: win.y.end, left: win.x.start, right: win.x.end });
    const value = format(values[row][column]);
    result.replaceChildren(make("span", { class: "lm-label" }, `Output [${row}, ${column}]`),
      make("code", {}, ...arithmetic(image, win, settings), " = ", make("strong", {}, value)));
    note.textContent = edgeNote(win, settings);
    say(`Output row ${row + 1}, column ${column + 1}: ${settings.operation} of ${win.count} values is ${value}. `
      + note.textContent);
  }

  function update() {
    const image = model.get("image");
    const settings = readSettings();
    const fits = problem(image, settings);
    showControls(settings);
    const paddingText = settings.operation === "max" ? "−∞" : "0";
    input.show(image, { padding: fits ? [0, 0] : settings.padding, paddingText });
    fault.textContent = fits ? `Impossible: ${fits}` : "";
    fault.hidden = !fits;
    const values = fits ? [] : pooled(image, settings);
    model.set("output", values);
    sizes.replaceChildren(...(fits ? [] : sizeFormula(image, settings)));
    result.hidden = note.hidden = Boolean(fits);
    if (fits) {
      output.clear();
      input.frame("window", null);
      output.frame("cell", null);
      say(fault.textContent);
    } else {
      output.show(values, { largest: Math.max(magnitude(image), magnitude(values)) });
      showWindow(image, values, settings);
    }
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return () => {
    slide.stop();
    disconnect();
  };
}

export default { render };
