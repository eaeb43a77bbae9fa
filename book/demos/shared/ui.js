/* Controls that every demo shares: built once, shown again from the model's state after every change. */

/** A name that no other element of the page has: every demo is a module of its own, so counting would repeat. */
export function uniqueId(stem) {
  return `lm-${stem}-${Math.random().toString(36).slice(2)}`;
}

/** Make an element: attributes by name, listeners as functions (`onclick`), children as nodes or text. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  if (node.matches("button, input, select, [tabindex]")) node.dataset.lmSuppressShortcuts = "true";
  node.append(...children);
  return node;
}

/** A number for people: at most three decimals, a real minus sign. */
export function format(value) {
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "−∞";
  const rounded = Math.round(value * 1000) / 1000;
  return String(rounded === 0 ? 0 : rounded).replace("-", "−");
}

/** A whole number for people, in groups of three digits. */
export function grouped(value) {
  return value.toLocaleString("en-GB").replaceAll(",", "\u202f");
}

/** The same function, computed anew only when one of its arguments is another object or value than last time. */
export function remembered(compute) {
  let [known, result] = [null, null];
  return (...given) => {
    if (!known || given.some((argument, i) => argument !== known[i])) [known, result] = [given, compute(...given)];
    return result;
  };
}

/** The place nearest to another where there are so many of each: there may have been more, and an address may say anything. */
export const nearest = (place, counts) => place.map((at, i) => Math.max(0, Math.min(at, counts[i] - 1)));

/** A row of exclusive choices; `options` maps values to labels. */
export function choice(label, options, onPick) {
  const name = uniqueId("choice");
  const inputs = new Map();
  const node = make("fieldset", { class: "lm-choice" }, make("legend", {}, label));
  for (const [value, text] of Object.entries(options)) {
    const input = make("input", { type: "radio", name, value, onchange: () => onPick(value) });
    inputs.set(value, input);
    node.append(make("label", {}, input, make("span", {}, text)));
  }
  const show = (value) => inputs.forEach((input, key) => { input.checked = key === value; });
  return { node, show };
}

/** A switch with a label. */
export function toggle(label, onPick) {
  const input = make("input", { type: "checkbox", role: "switch", onchange: () => onPick(input.checked) });
  const node = make("label", { class: "lm-toggle" }, input, make("span", {}, label));
  const show = (value, enabled = true) => {
    input.checked = value;
    input.disabled = !enabled;
    node.classList.toggle("lm-off", !enabled);
  };
  return { node, show };
}

function pressable(attributes, onPress, text) {
  const press = () => { if (node.getAttribute("aria-disabled") !== "true") onPress(); };
  const node = make("button", { type: "button", ...attributes, onclick: press }, text);
  return node;
}

/** Let a button be pressed or not. It keeps the focus: the keyboard must not get lost where the last press disables it. */
export function enable(button, enabled) {
  button.setAttribute("aria-disabled", !enabled);
}

/** A number with buttons on both sides; arrow keys work in the field. Beyond its limits it says what they are. */
export function stepper(name, { min, max, step = 1 }, onPick) {
  let label = name;
  const pick = (value) => {
    const near = Math.min(max, Math.max(min, value));
    if (Number.isFinite(near)) onPick(near);
    input.value = input.dataset.shown;
    input.setCustomValidity(near === value ? "" : `${label}: a number from ${min} to ${max}`);
    input.reportValidity();
  };
  const input = make("input", {
    type: "number", min, max, step, onchange: () => pick(input.valueAsNumber),
    oninput: () => input.setCustomValidity(""),
  });
  const by = (text, sign) => pressable({}, () => pick(Number(input.dataset.shown) + sign * step), text);
  const [less, more] = [by("−", -1), by("+", 1)];
  const rename = (text) => {
    label = text;
    input.setAttribute("aria-label", label);
    less.setAttribute("aria-label", `${label}: less`);
    more.setAttribute("aria-label", `${label}: more`);
  };
  rename(name);
  const node = make("span", { class: "lm-stepper" }, less, input, more);
  const show = (value) => {
    input.value = input.dataset.shown = value;
    enable(less, value > min);
    enable(more, value < max);
  };
  return { node, show, rename };
}

/** Height and width of one thing: a single field while `square`, else two. */
export function pairStepper(label, limits, onPick) {
  let [square, pair] = [true, [limits.min, limits.min]];
  const height = stepper(label, limits, (value) => onPick(square ? [value, value] : [value, pair[1]]));
  const width = stepper(`${label}, width`, limits, (value) => onPick([pair[0], value]));
  const times = make("span", { class: "lm-times", "aria-hidden": "true" }, "×");
  const node = make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, label),
    make("span", { class: "lm-pair" }, height.node, times, width.node));
  const show = (values, isSquare) => {
    [pair, square] = [values, isSquare];
    height.show(values[0]);
    width.show(values[1]);
    times.hidden = width.node.hidden = square;
    height.rename(square ? label : `${label}, height`);
  };
  return { node, show };
}

/** A plain button. */
export function button(text, onPress, kind = "") {
  return pressable({ class: `lm-button ${kind}` }, onPress, text);
}

/** Let grids and readouts keep the height that they once had, so that nothing below jumps when they get shorter. */
function keepRoom(section) {
  const rooms = new Map(); // by part: what holds its height, and how high it was at which width
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const [room, { width, height }] = [rooms.get(target), target.getBoundingClientRect()];
      if (!width || (room.width === width && room.height >= height)) continue;
      const turned = room.width !== undefined && room.width !== width; // measured anew at another width
      Object.assign(room, { width, height: turned ? 0 : height });
      section.style.setProperty(room.name, `${room.height}px`);
      if (turned) requestAnimationFrame(() => { watch.unobserve(target); watch.observe(target); });
    }
  });
  queueMicrotask(() => section.querySelectorAll(".lm-panes, .lm-readout").forEach((part, i) => { // when all is built
    rooms.set(part, { name: `--room-${i}` });
    part.style.minHeight = `var(--room-${i}, 0)`;
    watch.observe(part);
  }));
}

/** Words that act: pressed, they do what they say. */
function acting([text, act]) {
  const press = (event) => {
    event.preventDefault();
    act();
  };
  return make("a", { href: "#", class: "lm-acts", onclick: press }, text);
}

/** The frame of a demo: title, what to try, controls, stage, and a line that screen readers hear. `tryThis` is a text,
 *  or a list of texts and of pairs of a text and what it does. */
export function frame(el, { title, tryThis, onReset }) {
  const id = uniqueId("title");
  const live = make("p", { class: "lm-hidden", role: "status", "aria-live": "polite" });
  const controls = make("div", { class: "lm-controls" });
  const stage = make("div", { class: "lm-stage" });
  const head = make("div", { class: "lm-head" },
    make("p", { class: "lm-title", id }, title),
    button("Reset", onReset, "lm-reset"),
    make("p", { class: "lm-try" }, make("b", {}, "Try: "), ...[tryThis].flat().map((part) => (Array.isArray(part) ? acting(part) : part))));
  const section = make("section", { class: "lm-demo", "aria-labelledby": id }, head, controls, stage, live);
  el.append(section);
  keepRoom(section);
  const say = (text) => { if (live.textContent !== text) live.textContent = text; };
  return { controls, stage, say };
}

const MOST_NUMBERS = 15; // columns in a line whose numbers a phone can show

/** A place for grids. On phones `across` columns of cells share a line with `gaps` gaps between them, and their sizes
 *  stand above them only where the demo is about sizes. */
export function panes({ across, gaps = 0, sized = false }, ...nodes) {
  return make("div", { class: `lm-panes${sized ? " lm-sized" : ""}${across > MOST_NUMBERS ? " lm-coloured" : ""}`, style: `--across: ${across}; --gaps: ${gaps}` }, ...nodes);
}

/** Keep a demo and its model in step: `apply` writes changes, `update` runs after changes from either side. What is
 *  `kept` stands in the page's address, where there is one that may hold it. */
export function connect(model, names, update, { kept = false } = {}) {
  const initial = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  if (kept) model.keepInAddress?.(names);
  let applying = false;
  const listener = () => { if (!applying) update(); };
  const apply = (changes) => {
    applying = true;
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    applying = false;
    update();
    model.save_changes();
  };
  for (const name of names) model.on(`change:${name}`, listener);
  const disconnect = () => names.forEach((name) => model.off(`change:${name}`, listener));
  return { apply, reset: () => apply(initial), disconnect };
}
