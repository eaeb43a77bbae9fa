import { classify, place, softmax } from "./shared/network.js";
import { choice, connect, format, frame, make } from "./shared/ui.js";

const TRAITS = ["digit", "shift"];
const REACH = 8;
const SIDE = 2 * REACH + 1;
const SLICE = 8; // milliseconds of background work at a time
const best = (values) => values.indexOf(Math.max(...values));

const INK = [92, 106, 208]; // stands out on light paper and on dark

/** Paint a matrix of 0..1 into a canvas, pixel by pixel, as ink on its background. */
function paint(canvas, image) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(image[0].length, image.length);
  image.flat().forEach((value, i) => {
    picture.data.set([...INK, 255 * value], 4 * i);
  });
  context.putImageData(picture, 0, 0);
}

function render({ model, el }) {
  const { controls, stage, say } = frame(el, {
    title: "Shift lab",
    tryThis: "drag the digit, or use the arrow keys, one pixel at a time. Which network changes its mind first? "
      + "Then compare the maps: pale cells are positions where a network's answer differs from that in the middle.",
    onReset: () => reset(),
  });
  const networks = model.get("networks");
  const names = Object.keys(networks);
  const size = model.get("canvas_size");
  const middle = (size - 8) / 2;
  const digit = choice("Digit", Object.fromEntries(model.get("digits").map((_, i) => [String(i), String(i)])),
    (value) => apply({ digit: Number(value) }));
  controls.append(make("div", { class: "lm-line" }, digit.node));

  const canvas = make("canvas", { class: "lm-canvas", width: size, height: size, tabindex: 0, role: "application",
    "aria-label": "Canvas: drag the digit, or move it with the arrow keys", onkeydown: (event) => key(event) });
  const cards = names.map((name) => {
    const map = make("canvas", { class: "lm-map", width: SIDE, height: SIDE, role: "img" });
    const bars = Array.from({ length: 10 }, (_, k) => {
      const bar = make("i");
      return { bar, node: make("span", { class: "lm-probability" }, make("span", {}, bar), String(k)) };
    });
    const answer = make("strong");
    const share = make("span", { class: "lm-size" });
    const node = make("div", { class: "lm-card", role: "group", "aria-label": `${name} pooling` },
      make("p", { class: "lm-caption" }, name, answer), make("div", { class: "lm-probabilities", "aria-hidden": "true" }, ...bars.map((one) => one.node)), map, share);
    return { name, map, bars, answer, share, node };
  });
  const result = make("p", { class: "lm-result" });
  stage.append(make("div", { class: "lm-shift" }, canvas, make("div", { class: "lm-cards" }, ...cards.map((card) => card.node))), result);

  const move = (dy, dx) => {
    const clamp = (value) => Math.max(-REACH, Math.min(REACH, value));
    const next = [clamp(dy), clamp(dx)];
    if (next.join() !== model.get("shift").join()) apply({ shift: next });
  };
  function key(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const [dy, dx] = model.get("shift");
    move(dy + by[0], dx + by[1]);
  }
  let grip = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientY - box.top) / box.height) * size, ((event.clientX - box.left) / box.width) * size];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    grip = { from: at(event), shift: model.get("shift") };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const [y, x] = at(event);
    move(Math.round(grip.shift[0] + y - grip.from[0]), Math.round(grip.shift[1] + x - grip.from[1]));
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { grip = null; });

  const answers = new Map();
  /** Answers of one network for all positions, or null while the background has not come to them. */
  function answersOf(name) {
    return answers.get(`${name} ${model.get("digit")}`) ?? null;
  }

  let timer = null;
  let left = true;
  /** Classify the digit at every position, a few milliseconds at a time. */
  function work() {
    timer = null;
    const name = names.find((one) => (answersOf(one)?.length ?? 0) < SIDE * SIDE);
    if (!name || !left) return;
    const id = `${name} ${model.get("digit")}`;
    if (!answers.has(id)) answers.set(id, []);
    const [found, until] = [answers.get(id), performance.now() + SLICE];
    while (found.length < SIDE * SIDE && performance.now() < until) {
      const [dy, dx] = [Math.floor(found.length / SIDE) - REACH, (found.length % SIDE) - REACH];
      found.push(best(classify(picture(dy, dx), networks[name])));
    }
    if (found.length === SIDE * SIDE) showMap(name);
    timer = setTimeout(work);
  }

  const picture = (dy, dx) => place(model.get("digits")[model.get("digit")], size, middle + dy, middle + dx);

  function showMap(name) {
    const { map, share } = cards.find((card) => card.name === name);
    const found = answersOf(name);
    const [dy, dx] = model.get("shift");
    if (found?.length !== SIDE * SIDE) {
      share.textContent = "computing …";
      map.setAttribute("aria-label", `Positions where ${name} pooling gives the same answer: still computing`);
      paint(map, Array.from({ length: SIDE }, () => Array(SIDE).fill(0)));
      return;
    }
    const home = found[REACH * SIDE + REACH];
    const same = found.map((one) => Number(one === home));
    const percent = Math.round((100 * same.reduce((a, b) => a + b, 0)) / same.length);
    share.textContent = `same answer at ${percent} %`;
    map.setAttribute("aria-label", `Positions where ${name} pooling gives the same answer as in the middle: ${percent} percent`);
    const rows = Array.from({ length: SIDE }, (_, y) => same.slice(y * SIDE, (y + 1) * SIDE).map((value) => 0.1 + 0.6 * value));
    rows[dy + REACH][dx + REACH] += 0.3;
    paint(map, rows);
  }

  function update() {
    const [dy, dx] = model.get("shift");
    digit.show(String(model.get("digit")));
    const image = picture(dy, dx);
    paint(canvas, image);
    const told = cards.map((card) => {
      const probabilities = softmax(classify(image, networks[card.name]));
      const top = best(probabilities);
      probabilities.forEach((value, k) => {
        card.bars[k].bar.style.height = `${100 * value}%`;
        card.bars[k].node.classList.toggle("lm-top", k === top);
      });
      card.answer.textContent = `${top} · ${(100 * probabilities[top]).toFixed(1)} %`;
      showMap(card.name);
      return { name: card.name, top, probability: probabilities[top] };
    });
    model.set("answers", Object.fromEntries(told.map(({ name, top }) => [name, top])));
    const text = told.map(({ name, top, probability }) => `${name} ${top} (${format(probability)})`).join(", ");
    result.textContent = `Shifted ${Math.abs(dy)} ${dy < 0 ? "up" : "down"}, ${Math.abs(dx)} ${dx < 0 ? "left" : "right"}: ${text}.`;
    say(result.textContent);
    timer ??= setTimeout(work);
  }

  const { apply, reset, disconnect } = connect(model, TRAITS, update);
  update();
  return () => {
    left = false;
    clearTimeout(timer);
    disconnect();
  };
}

export default { render };
