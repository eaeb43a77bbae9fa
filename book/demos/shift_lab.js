import { classify, place, softmax } from "./shared/network.js";
import { paint } from "./shared/paint.js";
import { button, choice, connect, enable, format, frame, make } from "./shared/ui.js";

const TRAITS = ["digit", "shift"];
const REACH = 8;
const SIDE = 2 * REACH + 1;
const PLACES = SIDE * SIDE;
const MIDDLE = REACH * SIDE + REACH;
const SLICE = 4; // milliseconds of background work at a time: an event never waits longer for it
const ORDER = ["max", "average", "stride", "blur"];
const best = (values) => values.indexOf(Math.max(...values));

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Shift lab",
    tryThis: "nudge the digit by one pixel, drag it, or use the arrow keys. Which network changes its mind first? "
      + "Then compare the maps: pale cells are positions where a network's answer differs from that in the middle.",
    onReset: () => reset(),
  });
  const networks = model.get("networks");
  const names = ORDER.filter((name) => name in networks);
  const size = model.get("canvas_size");
  const middle = (size - 8) / 2;
  const digit = choice("Digit", Object.fromEntries(model.get("digits").map((_, i) => [String(i), String(i)])),
    (value) => apply({ digit: Number(value) }));
  controls.append(make("div", { class: "lm-line" }, digit.node));

  const canvas = make("canvas", { class: "lm-canvas", width: size, height: size, tabindex: 0, role: "application",
    "aria-label": "Canvas: drag the digit, or move it with the arrow keys", onkeydown: (event) => key(event) });
  const grip = make("span", { class: "lm-grip", "aria-hidden": "true", style: `--side: ${8 / size}` });
  const canvasBox = make("div", { class: "lm-canvasbox" }, canvas, grip);
  const nudge = button("Nudge one pixel", () => move(shiftShown()[0], shiftShown()[1] + 1), "lm-main");
  const cards = names.map((name) => {
    const map = make("canvas", { class: "lm-map", width: SIDE, height: SIDE, role: "img" });
    const here = make("i", { class: "lm-here", style: `width: ${100 / SIDE}%` });
    const bars = Array.from({ length: 10 }, (_, k) => {
      const bar = make("i");
      return { bar, node: make("span", { class: "lm-probability" }, make("span", {}, bar), String(k)) };
    });
    const answer = make("strong");
    const verdict = make("span", { class: "lm-verdict" });
    const share = make("span", { class: "lm-size" });
    const node = make("div", { class: "lm-card", role: "group", "aria-label": `${name} pooling` },
      make("p", { class: "lm-caption" }, name, verdict), make("p", { class: "lm-says" }, "says ", answer),
      make("div", { class: "lm-probabilities", "aria-hidden": "true" }, ...bars.map((one) => one.node)),
      make("div", { class: "lm-mapbox" }, map, here), share);
    return { name, map, here, bars, answer, verdict, share, node };
  });
  const result = make("p", { class: "lm-result" });
  stage.append(make("div", { class: "lm-shift" }, make("div", { class: "lm-side" }, canvasBox, nudge, result),
    make("div", { class: "lm-cards" }, ...cards.map((card) => card.node))));

  const reached = (shift) => shift.map((by) => Math.max(-REACH, Math.min(REACH, Math.round(by))));
  const shiftShown = () => reached(model.get("shift")); // an address may say anything
  const move = (dy, dx) => {
    const next = reached([dy, dx]);
    if (next.join() !== shiftShown().join()) apply({ shift: next });
  };
  function key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const [dy, dx] = shiftShown();
    move(dy + by[0], dx + by[1]);
  }
  let held = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientY - box.top) / box.height) * size, ((event.clientX - box.left) / box.width) * size];
  };
  canvasBox.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && event.target !== grip) return; // beside the digit a finger scrolls the page
    canvasBox.setPointerCapture(event.pointerId);
    held = { from: at(event), shift: shiftShown() };
  });
  canvasBox.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [y, x] = at(event);
    move(Math.round(held.shift[0] + y - held.from[0]), Math.round(held.shift[1] + x - held.from[1]));
  });
  for (const end of ["pointerup", "pointercancel"]) canvasBox.addEventListener(end, () => { held = null; });

  const picture = (dy, dx) => place(model.get("digits")[model.get("digit")], size, middle + dy, middle + dx);
  const atlases = new Map();
  /** What one network says of the digit shown: probabilities by position, and how many of them are known in order. */
  function atlasOf(name) {
    const id = `${name} ${model.get("digit")}`;
    if (!atlases.has(id)) atlases.set(id, { said: Array(PLACES), done: 0 });
    return atlases.get(id);
  }

  /** Probabilities at a position, computed when asked for the first time. */
  function ask(name, spot) {
    const { said } = atlasOf(name);
    said[spot] ??= softmax(classify(picture(Math.floor(spot / SIDE) - REACH, (spot % SIDE) - REACH), networks[name]));
    return said[spot];
  }

  let timer = null;
  /** Classify the digit at every position, a few milliseconds at a time. */
  function work() {
    timer = null;
    const card = cards.find(({ name }) => atlasOf(name).done < PLACES);
    if (!card) return;
    const [atlas, until] = [atlasOf(card.name), performance.now() + SLICE];
    while (atlas.done < PLACES && performance.now() < until) ask(card.name, atlas.done++);
    if (atlas.done === PLACES) showMap(card);
    timer = setTimeout(work);
  }

  function showMap({ name, map, share }) {
    const { said, done } = atlasOf(name);
    if (done < PLACES) {
      share.textContent = "computing …";
      map.setAttribute("aria-label", `Positions where ${name} pooling gives the same answer: still computing`);
      paint(map, new Float64Array(PLACES));
      return;
    }
    const answers = said.map(best);
    const same = answers.map((one) => one === answers[MIDDLE]);
    const percent = Math.round((100 * same.filter(Boolean).length) / PLACES);
    share.textContent = `same answer at ${percent} %`;
    map.setAttribute("aria-label", `Positions where ${name} pooling gives the same answer as in the middle: ${percent} percent`);
    paint(map, same.map((agrees) => (agrees ? 0.7 : 0.1)));
  }

  function showAnswer({ name, node, bars, answer, verdict }, probabilities) {
    const top = best(probabilities);
    bars.forEach((one, k) => {
      const height = `${Math.round(100 * probabilities[k])}%`;
      if (one.height !== height) one.bar.style.height = one.height = height;
      one.node.classList.toggle("lm-top", k === top);
    });
    answer.textContent = `${top} · ${(100 * probabilities[top]).toFixed(1)} %`;
    const changed = top !== best(ask(name, MIDDLE));
    verdict.textContent = changed ? "changed" : "same";
    node.classList.toggle("lm-changed", changed);
    return { top, changed };
  }

  let drawn = null;
  function update() {
    const [dy, dx] = shiftShown();
    if (drawn !== model.get("digit")) { // the maps change with the digit only
      drawn = model.get("digit");
      digit.show(String(drawn));
      cards.forEach(showMap);
    }
    paint(canvas, picture(dy, dx).data);
    grip.style.top = `${((middle + dy) / size) * 100}%`;
    grip.style.left = `${((middle + dx) / size) * 100}%`;
    enable(nudge, dx < REACH);
    const told = cards.map((card) => {
      card.here.style.left = `${((dx + REACH) / SIDE) * 100}%`;
      card.here.style.top = `${((dy + REACH) / SIDE) * 100}%`;
      const probabilities = ask(card.name, (dy + REACH) * SIDE + dx + REACH);
      const { top, changed } = showAnswer(card, probabilities);
      return { name: card.name, top, changed, probability: probabilities[top] };
    });
    model.set("answers", Object.fromEntries(told.map(({ name, top }) => [name, top])));
    const text = told.map(({ name, top, probability }) => `${name} ${top} (${format(probability)})`).join(", ");
    const where = `Shifted ${Math.abs(dy)} ${dy < 0 ? "up" : "down"}, ${Math.abs(dx)} ${dx < 0 ? "left" : "right"}`;
    const count = `${told.filter((one) => one.changed).length} of ${told.length} answers changed`;
    result.textContent = `${where}: ${count}.`;
    say(`${where}: ${text}. ${count}.`);
    timer ??= setTimeout(work);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update, { kept: true });
  update();
  return () => {
    clearTimeout(timer);
    disconnect();
  };
}

export default { render };
