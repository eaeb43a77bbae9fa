/* What has come out so far: curves, a table, a sentence. */
import { chart } from "./curves.js";
import { NAMES, part } from "./panels.js";
import { parametersOf } from "./spec.js";
import { TASKS } from "./tasks.js";
import { grouped, make } from "../shared/ui.js";

export const KINDS = ["lm-a", "lm-b"];
export const percent = (share) => `${Math.round(100 * share)} %`;
const MEASURES = [
  { title: "Loss", learnt: "loss", tested: "testLoss", say: (value) => value.toFixed(2) },
  { title: "Right answers", learnt: "accuracy", tested: "testAccuracy", ceiling: 1, say: percent },
  { title: "Kept one pixel further", tested: "consistency", ceiling: 1, say: percent },
];

/** Curves and their last values; `history` is a list of { steps, networks: [{ loss, … }] }. */
export function resultsPanel() {
  const charts = MEASURES.map(({ title, ceiling }) => chart(title, ceiling));
  const body = make("tbody");
  const heads = ["network", "loss", "in the test", "right", "in the test", "kept one pixel further"];
  const table = make("div", { class: "lm-scroll", tabindex: 0, role: "group", "aria-label": "What the networks know" },
    make("table", { class: "lm-stages" }, make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), body));
  const legend = make("p", { class: "lm-legend" }, ...NAMES.map((name, index) => make("span", { class: KINDS[index] }, `Network ${name}`)),
    make("span", {}, "dashed: the images it learns from; solid: 200 others"));
  const node = part("What they know", legend, make("div", { class: "lm-charts" }, ...charts.map((one) => one.node)), table);

  function show(history) {
    const last = history.at(-1)?.networks;
    MEASURES.forEach(({ learnt, tested, say }, index) => {
      const lines = NAMES.flatMap((_, network) => [learnt, tested].filter(Boolean).map((name) => ({
        points: history.map(({ steps, networks }) => [steps, networks[network][name]]), kind: KINDS[network], dashed: name === learnt,
      })));
      const words = last ? NAMES.map((name, network) => `${name} ${say(last[network][tested])} in the test`).join(", ") : "nothing yet";
      charts[index].show(lines, words);
    });
    body.replaceChildren(...NAMES.map((name, network) => {
      const found = last?.[network];
      const cells = MEASURES.flatMap(({ learnt, tested, say }) => [learnt, tested].filter(Boolean).map((one) => (found ? say(found[one]) : "–")));
      return make("tr", {}, make("th", { scope: "row", class: KINDS[network] }, name), ...cells.map((text) => make("td", {}, text)));
    }));
  }
  return { node, show };
}

/** What is learnt, by how large networks, or how well. */
export function summary({ task, networks }, steps, history) {
  const { name, classes } = TASKS[task];
  if (!history.length) {
    const sizes = networks.map((spec, index) => `network ${NAMES[index]} has ${grouped(parametersOf(spec, classes.length))} parameters`);
    return `Task: ${name}. Nothing learnt yet; ${sizes.join(", ")}.`;
  }
  const told = history.at(-1).networks.map(({ testAccuracy, consistency }, index) =>
    `network ${NAMES[index]} is right on ${percent(testAccuracy)} of the test images and keeps ${percent(consistency)} of its answers one pixel further`);
  return `After ${steps} step${steps === 1 ? "" : "s"} ${told.join("; ")}.`;
}
