/* Curves over steps, as SVG. */
import { make } from "../shared/ui.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [220, 140, 30, 6, 8, 20];

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const place = (share, from, to) => from + Math.min(1, Math.max(0, share)) * (to - from);

/** A chart whose lines are given anew each time: { points: [[step, value]], kind: "lm-a" or "lm-b", dashed, band }. */
export function chart(title, ceiling) {
  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "lm-chart" });
  const node = make("figure", { class: "lm-figure" }, make("figcaption", { class: "lm-label" }, title), picture);

  function axes(last, top) {
    const lines = [0, 0.5, 1].map((share) => {
      const y = place(share, HEIGHT - BOTTOM, TOP);
      return draw("g", {}, draw("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: "lm-gridline" }),
        draw("text", { x: LEFT - 5, y: y + 4, class: "lm-end" }, String(Math.round(share * top * 100) / 100)));
    });
    const [first, end] = [[0, LEFT, "lm-start"], [last, WIDTH - RIGHT, "lm-end"]].map(([step, x, anchor]) =>
      draw("text", { x, y: HEIGHT - 6, class: anchor }, step ? `${step} step${step > 1 ? "s" : ""}` : "0"));
    return [...lines, first, end];
  }

  function show(lines, description) {
    const all = lines.flatMap(({ points }) => points);
    const last = Math.max(1, ...all.map(([step]) => step));
    const top = ceiling ?? Math.max(0.5, ...all.map(([, value]) => Math.ceil(value * 2) / 2));
    const at = ([step, value]) => [place(step / last, LEFT, WIDTH - RIGHT), place(value / top, HEIGHT - BOTTOM, TOP)]
      .map((length) => length.toFixed(1)).join();
    const drawn = lines.filter(({ points }) => points.length).flatMap(({ points, kind, dashed, band }) => [
      ...(band ? [draw("polygon", { class: `lm-band ${kind}`, points: [
        ...points.map(([step, value], i) => at([step, value + band[i]])),
        ...points.map(([step, value], i) => at([step, value - band[i]])).reverse(),
      ].join(" ") })] : []),
      points.length > 1 ? draw("polyline", { class: `lm-curve ${kind}${dashed ? " lm-dashed" : ""}`, points: points.map(at).join(" ") })
        : draw("circle", { class: `lm-dot ${kind}`, r: 3, cx: at(points[0]).split(",")[0], cy: at(points[0]).split(",")[1] }),
    ]);
    picture.replaceChildren(...axes(last, top), ...drawn);
    picture.setAttribute("aria-label", `${title}: ${description}`);
  }

  return { node, show };
}
