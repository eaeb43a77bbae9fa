import { binAreas, roiPool, within } from "./shared/regions.js";
import { choice, connect, format, frame, make, nearest, panes, stepper } from "./shared/ui.js";
import { Grid, magnitude } from "./shared/grid.js";

const TRAITS = ["image", "preset", "operation", "box", "shape", "bin"];

/** A finger drags the box, or its corner, and nothing else: beside the box it scrolls the page. */
function dragByFinger(map, size, read, write) {
  const box = map.frames.get("box");
  const corner = make("i", { class: "lm-corner" });
  let held = null;
  const cell = (event) => {
    const { left, top, width, height } = map.grid.getBoundingClientRect();
    return [Math.floor(((event.clientY - top) / height) * size()[0]), Math.floor(((event.clientX - left) / width) * size()[1])];
  };
  box.append(corner);
  box.addEventListener("pointerdown", (event) => {
    box.setPointerCapture(event.pointerId);
    held = { from: cell(event), box: read(), corner: event.target === corner };
    if (!held.corner) map.select(...held.from);
  });
  box.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [top, left, bottom, right] = held.box;
    const moved = cell(event).map((at, i) => at - held.from[i]);
    const clamp = (by, from, to, least, most) => Math.max(least - from, Math.min(most - to, by));
    const [down, across] = held.corner
      ? [clamp(moved[0], bottom, bottom, top + 1, size()[0]), clamp(moved[1], right, right, left + 1, size()[1])]
      : [clamp(moved[0], top, bottom, 0, size()[0]), clamp(moved[1], left, right, 0, size()[1])];
    const start = held.corner ? [top, left] : [top + down, left + across];
    const next = [...start, bottom + down, right + across];
    if (next.join() !== read().join()) write(next);
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { held = null; });
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "RoI pooling",
    tryThis: ["drag a new box over the map (or move it with the arrow keys, resize it with Shift). ", ["Make it 4 cells "
      + "wide with 3 bins", () => apply({ box: [1, 1, 6, 5], shape: [3, 3] })], ": which cells belong to two bins at once?"],
    onReset: () => reset(),
  });
  const size = () => [model.get("image").length, model.get("image")[0].length];
  const isInside = ([top, left, bottom, right]) => top >= 0 && left >= 0 && bottom <= size()[0] && right <= size()[1]
    && bottom > top && right > left;
  let anchor = null;

  const span = (a, b) => [Math.min(a, b), Math.max(a, b) + 1];
  const stretch = (row, column) => {
    const [[top, bottom], [left, right]] = [span(anchor[0], row), span(anchor[1], column)];
    apply({ box: [top, left, bottom, right] });
  };
  const input = new Grid("Feature map", { onVisit: (row, column, event) => {
    if (anchor && event.type === "pointerover") stretch(row, column);
    else input.select(row, column);
  } });
  input.grid.addEventListener("pointerdown", (event) => {
    if (!event.target.place || event.pointerType === "touch") return;
    event.target.releasePointerCapture?.(event.pointerId);
    anchor = event.target.place;
    stretch(...anchor);
  });
  const release = () => { anchor = null; };
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release);

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const handle = make("button", { type: "button", class: "lm-button", onkeydown: (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const [top, left, bottom, right] = model.get("box");
    const box = event.shiftKey ? [top, left, bottom + move[0], right + move[1]]
      : [top + move[0], left + move[1], bottom + move[0], right + move[1]];
    if (isInside(box)) apply({ box });
  } }, "Box: arrow keys move, Shift resizes");

  const output = new Grid("Pooled bins", { onVisit: (row, column) => {
    const [r, c] = model.get("bin");
    if (r !== row || c !== column) apply({ bin: [row, column] });
  } });
  const preset = choice("Feature map", Object.fromEntries(Object.keys(model.get("presets")).map((name) => [name, name])),
    (name) => {
      const image = model.get("presets")[name];
      const [top, left, bottom, right] = model.get("box");
      const ends = [Math.min(bottom, image.length), Math.min(right, image[0].length)];
      apply({ preset: name, image, box: [Math.min(top, ends[0] - 1), Math.min(left, ends[1] - 1), ...ends] });
    });
  const operation = choice("Operation", { max: "max", average: "average" }, (value) => apply({ operation: value }));
  const rowsField = stepper("bins down", { min: 1, max: 8 }, (value) => apply({ shape: [value, model.get("shape")[1]] }));
  const columnsField = stepper("bins across", { min: 1, max: 8 }, (value) => apply({ shape: [model.get("shape")[0], value] }));
  const field = (label, control) => make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label), control.node);
  controls.append(make("div", { class: "lm-line" }, preset.node, operation.node),
    make("div", { class: "lm-line" }, field("bins down", rowsField), field("bins across", columnsField), handle));
  const [result, note] = [make("p", { class: "lm-result" }), make("p", { class: "lm-note" })];
  stage.append(panes({ across: 12, sized: true }, input.node, output.node), make("div", { class: "lm-readout" }, result, note));

  function update() {
    const [image, box, shape, kind] = ["image", "box", "shape", "operation"].map((name) => model.get(name));
    if (!isInside(box) || ![...box, ...shape].every(Number.isInteger)) throw new RangeError("no such box");
    const pooled = roiPool(image, box, shape, kind);
    model.set("output", pooled);
    preset.show(model.get("preset"));
    operation.show(kind);
    rowsField.show(shape[0]);
    columnsField.show(shape[1]);
    input.show(image);
    output.show(pooled, { largest: magnitude(image) });
    const [top, left, bottom, right] = box;
    input.frame("box", { top, left, bottom, right });
    const areas = binAreas(box, shape);
    input.frameAll("bin", areas.flat());
    const [row, column] = nearest(model.get("bin"), shape);
    output.select(row, column);
    output.frame("cell", { top: row, bottom: row + 1, left: column, right: column + 1 });
    const area = areas[row][column];
    input.frame("window", area);
    const values = within(image, area).map(format);
    const value = format(pooled[row][column]);
    const sum = kind === "max" ? `max(${values.join(", ")})` : `(${values.join(" + ")}) / ${values.length}`;
    result.replaceChildren(make("span", { class: "lm-label" },
      `Bin [${row}, ${column}]: rows ${area.top} to ${area.bottom - 1}, columns ${area.left} to ${area.right - 1}`),
    make("code", {}, sum, " = ", make("strong", {}, value)));
    const counted = areas.flat().reduce((total, a) => total + (a.bottom - a.top) * (a.right - a.left), 0);
    const inside = (bottom - top) * (right - left);
    note.textContent = `The box is ${bottom - top} × ${right - left} cells, the bins ${shape[0]} × ${shape[1]}. `
      + (counted > inside ? `They do not divide it: bins overlap and count ${counted} cells where the box has ${inside}.` : "They divide it evenly.");
    say(`Box rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}. Bin row ${row + 1}, column ${column + 1} is ${value}. ${note.textContent}`);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  dragByFinger(input, size, () => model.get("box"), (box) => apply({ box }));
  return () => {
    disconnect();
    for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, release);
  };
}

export default { render };
