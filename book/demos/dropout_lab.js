import { drawMask, drop, expectedMax, generator, histogram } from "./shared/chance.js";
import { pool } from "./shared/pool.js";
import { button, choice, connect, format, frame, make, nearest, panes, stepper } from "./shared/ui.js";
import { Grid, typedValue, withCell } from "./shared/grid.js";

const TRAITS = ["image", "p", "unit", "order", "operation", "seed", "window"];
const DRAWS = 1000;
const BARS = 24;

/** One draw of dropout and pooling, in either order, for a list with one channel: { dropped, pooled }. */
function sample(image, { p, unit, order, settings }, random) {
  const whole = unit === "channel";
  if (order === "before") {
    const dropped = drop(image, drawMask([1, image.length, image[0].length], p, whole, random)[0], p);
    return { dropped, pooled: pool(dropped, settings) };
  }
  const plain = pool(image, settings);
  return { dropped: image, pooled: drop(plain, drawMask([1, plain.length, plain[0].length], p, whole, random)[0], p) };
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Dropout lab",
    tryThis: ["with element dropout, put it ", ["before", () => apply({ unit: "element", operation: "max", order: "before" })], " and ",
      ["after", () => apply({ unit: "element", operation: "max", order: "after" })], " max pooling and compare the expectation "
      + "with the value without dropout. Then ", ["change to channel dropout", () => apply({ unit: "channel" })],
      ": the order stops mattering. Why?"],
    onReset: () => reset(),
  });
  const type = (row, column, key) => {
    const value = typedValue(key, model.get("image")[row][column]);
    if (value === undefined || value < 0) return false;
    apply({ image: withCell(model.get("image"), row, column, value) });
    return true;
  };
  const input = new Grid("Activations", { onVisit: (row, column) => input.select(row, column), onType: type });
  const dropped = new Grid("What reaches the pool", { onVisit: (row, column) => dropped.select(row, column) });
  const output = new Grid("Result of this draw", { onVisit: (row, column) => {
    const [r, c] = model.get("window");
    if (r !== row || c !== column) apply({ window: [row, column] });
  } });
  const rate = stepper("p", { min: 0, max: 0.9, step: 0.1 }, (value) => apply({ p: Math.round(value * 100) / 100 }));
  const unit = choice("Dropped are", { element: "elements", channel: "channels" }, (value) => apply({ unit: value }));
  const order = choice("Dropout", { before: "before the pool", after: "after the pool" }, (value) => apply({ order: value }));
  const operation = choice("Pooling", { max: "max", average: "average" }, (value) => apply({ operation: value }));
  controls.append(make("div", { class: "lm-line" }, unit.node, order.node, operation.node),
    make("div", { class: "lm-line" }, make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, "p"), rate.node),
      button("Draw again", () => apply({ seed: model.get("seed") + 1 }), "lm-main")));
  const bars = make("div", { class: "lm-histogram", role: "img" });
  const [result, note] = [make("p", { class: "lm-result" }), make("p", { class: "lm-note" })];
  const largest = make("span");
  const axis = make("div", { class: "lm-axis", "aria-hidden": "true" }, make("span", {}, "0"), `${DRAWS} draws of the result`, largest);
  stage.append(panes({ across: 10, gaps: 2 }, input.node, dropped.node, output.node),
    make("div", { class: "lm-readout" }, make("div", {}, bars, axis), result, note));
  for (let i = 0; i < BARS; i++) bars.append(make("i"));
  bars.append(make("b", { class: "lm-expected" }));
  let known = { key: "", values: [] };

  /** Values of the chosen output cell over many draws; kept until something else than the cell's draw changes. */
  function draws(image, setup, row, column) {
    const key = JSON.stringify([image, setup, row, column, model.get("seed")]);
    if (known.key !== key) {
      const random = generator(model.get("seed") * 7919 + 1);
      const crop = [0, 1].map((i) => image[2 * row + i].slice(2 * column, 2 * column + 2));
      known = { key, values: Array.from({ length: DRAWS }, () => sample(crop, setup, random).pooled[0][0]) };
    }
    return known.values;
  }

  function update() {
    const image = model.get("image");
    const settings = { operation: model.get("operation"), kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceilMode: false, countIncludePad: true };
    const setup = { p: model.get("p"), unit: model.get("unit"), order: model.get("order"), settings };
    rate.show(setup.p);
    unit.show(setup.unit);
    order.show(setup.order);
    operation.show(settings.operation);
    const once = sample(image, setup, generator(model.get("seed")));
    input.show(image);
    dropped.show(once.dropped);
    output.show(once.pooled);
    const [row, column] = nearest(model.get("window"), [once.pooled.length, once.pooled[0].length]);
    output.select(row, column);
    output.frame("cell", { top: row, bottom: row + 1, left: column, right: column + 1 });
    const area = { top: 2 * row, bottom: 2 * row + 2, left: 2 * column, right: 2 * column + 2 };
    input.frame("window", area);
    dropped.frame("window", area);
    const values = image.slice(area.top, area.bottom).flatMap((line) => line.slice(area.left, area.right));
    const plain = pool(image, settings)[row][column];
    const commutes = setup.order === "after" || setup.unit === "channel" || settings.operation === "average";
    const expected = commutes ? plain : expectedMax(values, setup.p);
    model.set("expected", expected);
    const many = draws(image, setup, row, column);
    const mean = many.reduce((total, value) => total + value, 0) / DRAWS;
    const top = Math.max(...values) / (1 - setup.p) || 1;
    const counts = histogram(many, top, BARS);
    const most = Math.max(...counts);
    counts.forEach((count, i) => bars.children[i].style.setProperty("--share", count / most));
    bars.lastChild.style.setProperty("--at", expected / top);
    largest.textContent = format(top);
    const text = `Over ${DRAWS} draws the mean is ${format(mean)}; exactly it is ${format(expected)}; without dropout ${format(plain)}.`;
    bars.setAttribute("aria-label", `Histogram of the result from 0 to ${format(top)}. ${text}`);
    result.replaceChildren(make("span", { class: "lm-label" }, `Result [${row}, ${column}]`), make("code", {},
      `expected ${format(expected)}, without dropout ${format(plain)}, mean of ${DRAWS} draws ${format(mean)}, this draw `,
      make("strong", {}, format(once.pooled[row][column]))));
    note.textContent = commutes ? "The expectation is that without dropout."
      : `Max and element dropout do not commute: sorted downwards, the values count 1, p, p², p³ = ${
        [0, 1, 2, 3].map((i) => format(setup.p ** i)).join(", ")} times.`;
    say(`${text} ${note.textContent}`);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return disconnect;
}

export default { render };
