/* Pictures answer: a series pressed in the legend stands alone until it is pressed again. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".plot-series button");
  if (!button) return;
  const plot = button.closest(".plot");
  const alone = button.getAttribute("aria-pressed") !== "true";
  for (const other of plot.querySelectorAll(".plot-series button")) {
    other.setAttribute("aria-pressed", String(alone && other === button));
  }
  for (const drawn of plot.querySelectorAll(".plot-panels .series")) {
    drawn.classList.toggle("dim", alone && !drawn.classList.contains(`series-${button.dataset.series}`));
  }
});
