/* Pictures answer: a series pressed in the legend stands alone until it is pressed again; the pointer, a finger or the
 * arrow keys read the numbers, which stand in the table below the picture together with their places. */
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const REACH = 40; // pixels from the pointer within which a number is found

  function isolate(button) {
    const plot = button.closest(".plot");
    const alone = button.getAttribute("aria-pressed") !== "true";
    for (const other of plot.querySelectorAll(".plot-series button")) {
      other.setAttribute("aria-pressed", String(alone && other === button));
    }
    for (const drawn of plot.querySelectorAll(".plot-panels .series")) {
      drawn.classList.toggle("dim", alone && !drawn.classList.contains(`series-${button.dataset.series}`));
    }
  }

  /** What can be read off a picture: [{ panel, series, x, y, text }], without the series that are dimmed. */
  function readable(plot) {
    const alone = plot.querySelector(".plot-series [aria-pressed=true]")?.dataset.series;
    const [, , place, value] = [...plot.querySelectorAll("thead th")].map((head) => head.textContent);
    return [...plot.querySelectorAll("tr[data-at]")].map((row) => {
      const [panel, series, x, y] = row.dataset.at.split(" ").map(Number);
      const [title, name, at, mean, low, high] = [...row.children].map((cell) => cell.textContent);
      const text = `${[title, name].filter(Boolean).join(", ")}; ${place} ${at}: ${value} ${mean} (${low} to ${high})`;
      return { panel, series, x, y, text };
    }).filter((point) => alone === undefined || point.series === Number(alone));
  }

  function show(plot, point) {
    plot.querySelector(".plot-ring")?.remove();
    plot.querySelector(".plot-reading").textContent = point?.text ?? "";
    if (!point) return;
    const svg = plot.querySelectorAll(".plot-panels > svg")[point.panel];
    const { width, height } = svg.viewBox.baseVal;
    const ring = document.createElementNS(NS, "circle");
    for (const [name, setting] of Object.entries({ class: "plot-ring", cx: point.x * width, cy: point.y * height, r: 7 })) {
      ring.setAttribute(name, setting);
    }
    svg.append(ring);
  }

  function near(plot, event) {
    const svg = event.target.closest?.("svg");
    const panel = [...plot.querySelectorAll(".plot-panels > svg")].indexOf(svg);
    if (panel < 0) return null;
    const box = svg.getBoundingClientRect();
    const far = (point) => Math.hypot(box.left + point.x * box.width - event.clientX, box.top + point.y * box.height - event.clientY);
    const found = readable(plot).filter((point) => point.panel === panel).map((point) => [far(point), point]);
    const [distance, point] = found.sort(([a], [b]) => a - b)[0] ?? [Infinity, null];
    return distance <= REACH ? point : null;
  }

  function walk(plot, event) {
    const points = readable(plot);
    const read = plot.querySelector(".plot-reading").textContent;
    const at = points.findIndex((point) => point.text === read);
    const goals = { ArrowRight: at + 1, ArrowLeft: at < 0 ? points.length - 1 : at - 1, Home: 0, End: points.length - 1 };
    if (event.key === "Escape") show(plot, null);
    else if (event.key in goals && points[goals[event.key]]) show(plot, points[goals[event.key]]);
    else return;
    event.preventDefault();
  }

  function start() {
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.(".plot-series button");
      if (button) isolate(button);
    });
    for (const plot of document.querySelectorAll(".plot:has(.plot-reading)")) {
      const panels = plot.querySelector(".plot-panels");
      panels.tabIndex = 0;
      panels.addEventListener("keydown", (event) => walk(plot, event));
      for (const kind of ["pointermove", "pointerdown"]) {
        panels.addEventListener(kind, (event) => show(plot, near(plot, event)));
      }
      panels.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(plot, null); });
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
