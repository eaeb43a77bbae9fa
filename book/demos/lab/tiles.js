/* Maps, filters and answers as small pictures. */
import { paint } from "../shared/paint.js";
import { make } from "../shared/ui.js";

/** Values scaled so that the largest magnitude is 1. */
function scaled(values) {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest ? values.map((value) => value / largest) : values;
}

const ACROSS = 8; // pictures side by side
const LINE = 0.15; // ink of the lines between them

/** Pictures of the same size in rows of eight, as one picture: many canvases take long to draw. */
function sheet(count, width, height, values) {
  const across = Math.min(ACROSS, count);
  const [wide, high] = [across * (width + 1) - 1, Math.ceil(count / across) * (height + 1) - 1];
  const pixels = new Float32Array(wide * high).fill(LINE);
  for (let picture = 0, from = 0; picture < count; picture++) {
    const corner = Math.floor(picture / across) * (height + 1) * wide + (picture % across) * (width + 1);
    for (let y = 0; y < height; y++, from += width) pixels.set(values.subarray(from, from + width), corner + y * wide);
  }
  return { pixels, wide, high, across };
}

/** Pictures with a caption, kept from one view to the next. */
export function strip(title) {
  const caption = make("span", { class: "lm-size" });
  const canvas = make("canvas", { class: "lm-tiles", role: "img" });
  const node = make("div", { class: "lm-tileline" }, make("p", { class: "lm-caption" }, title, caption), canvas);

  function show(count, width, height, values, words) {
    const { pixels, wide, high, across } = sheet(count, width, height, scaled(values));
    if (canvas.width !== wide || canvas.height !== high) {
      [canvas.width, canvas.height] = [wide, high];
      canvas.style.setProperty("--across", across);
    }
    paint(canvas, pixels);
    caption.textContent = words;
    canvas.setAttribute("aria-label", `${title}: ${words}`);
  }
  return { node, show };
}

/** One picture of each filter: its kernels, one for each channel that comes in, in a square with gaps between them. */
export function mosaics({ values, count, channels, kernel }) {
  const across = Math.ceil(Math.sqrt(channels));
  const down = Math.ceil(channels / across);
  const [width, height] = [across * (kernel + 1) - 1, down * (kernel + 1) - 1];
  const pixels = new Float32Array(count * width * height);
  for (let filter = 0; filter < count; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      const [top, left] = [Math.floor(channel / across) * (kernel + 1), (channel % across) * (kernel + 1)];
      for (let at = 0; at < kernel * kernel; at++) {
        const [y, x] = [top + Math.floor(at / kernel), left + (at % kernel)];
        pixels[(filter * height + y) * width + x] = values[(filter * channels + channel) * kernel * kernel + at];
      }
    }
  }
  return { pixels, width, height };
}

/** A picture of an image with a frame on it. */
export function framed(side) {
  const canvas = make("canvas", { width: side, height: side, class: "lm-map" });
  const frame = make("i", { class: "lm-here lm-field-frame" });
  const box = make("div", { class: "lm-mapbox", role: "img" }, canvas, frame);
  function show(values, [first, last], words) {
    paint(canvas, values.map((value) => Math.max(-1, Math.min(1, value))));
    const share = (cells) => `${(100 * cells) / side}%`;
    Object.assign(frame.style, { left: share(first), top: share(first), width: share(last - first + 1) });
    box.setAttribute("aria-label", words);
  }
  return { node: box, show };
}

/** The answers over all shifts: ink where it is that of the middle. */
export function shiftMap(name, side) {
  const canvas = make("canvas", { width: side, height: side, class: "lm-map", role: "img" });
  const words = make("span", { class: "lm-size" });
  const node = make("div", { class: "lm-shiftmap" }, make("p", { class: "lm-caption" }, name), canvas, words);
  function tell(text) {
    words.textContent = text;
    canvas.setAttribute("aria-label", `${name}, shifts up to 8 pixels each way: ${text}`);
  }
  function show(answers) {
    const same = answers.map((answer) => answer === answers[(answers.length - 1) / 2]);
    paint(canvas, same.map((agrees) => (agrees ? 0.7 : 0.08)));
    tell(`same answer at ${Math.round((100 * same.filter(Boolean).length) / same.length)} %`);
  }
  function clear() {
    paint(canvas, Array(side * side).fill(0));
    tell("after a first step");
  }
  return { node, show, clear };
}
