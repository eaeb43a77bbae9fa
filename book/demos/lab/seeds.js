/* The same over many seeds, in a worker of its own. */
import { chart } from "./curves.js";
import { interval } from "./intervals.js";
import { startWorker } from "./partner.js";
import { NAMES, part } from "./panels.js";
import { KINDS } from "./results.js";
import { button, enable, make, stepper } from "../shared/ui.js";

const USUAL_STEPS = 200; // where nothing has been trained yet
const USUAL_COUNT = 10;
const OVER_SEEDS = [
  { title: "Right in the test", name: "testAccuracy", words: "right in the test" },
  { title: "Kept one pixel further", name: "consistency", words: "kept one pixel further" },
];
const points = (value) => `${(100 * value).toFixed(1)}`;

/** `given()` tells { settings, steps, possible }. */
export function seedsPanel(source, digits, given) {
  let [worker, found, count] = [null, [], USUAL_COUNT];
  const number = stepper("seeds", { min: 2, max: 30 }, (value) => {
    count = Math.round(value);
    number.show(count);
  });
  const start = button("Train over seeds", () => (worker ? stop() : run()));
  const charts = OVER_SEEDS.map(({ title }) => chart(`${title}, mean over seeds`, 1));
  const said = make("p", { class: "lm-result" });
  const node = part("Over many seeds", make("div", { class: "lm-line" },
    make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, "seeds"), number.node), start),
  make("div", { class: "lm-charts" }, ...charts.map((one) => one.node)), said);

  function end() {
    worker?.end();
    worker = null;
    start.textContent = "Train over seeds";
  }

  function stop() {
    end();
    show();
  }

  function run() {
    const { settings, steps } = given();
    found = [];
    const seeds = Array.from({ length: count }, (_, index) => settings.seed + index);
    worker = startWorker(source, digits, ({ results }) => {
      found.push(results);
      if (found.length === seeds.length) end();
      show();
    }, (why) => {
      stop();
      said.textContent = `Nothing can be trained here: ${why}.`;
    });
    worker.ask("seeds", { settings, seeds, steps: steps || USUAL_STEPS });
    start.textContent = "Stop";
    show();
  }

  /** A mean and its interval for each moment. */
  function line(network, name) {
    const moments = (found[0] ?? []).map((_, moment) =>
      ({ steps: found[0][moment].steps, ...interval(found.map((results) => results[moment].networks[network][name])) }));
    return { points: moments.map(({ steps, mean }) => [steps, mean]), kind: KINDS[network],
      band: moments.map(({ half }) => (Number.isFinite(half) ? half : 0)) };
  }

  /** How both stand at the end, and how much the first is ahead. */
  function sentence({ name, words }) {
    const last = found.map((results) => results.at(-1).networks.map((one) => one[name]));
    const told = NAMES.map((network, index) => `${network} ${points(interval(last.map((one) => one[index])).mean)} %`).join(", ");
    const { mean, half } = interval(last.map(([a, b]) => a - b));
    const between = Number.isFinite(half) ? `, 95 % interval ${points(mean - half)} to ${points(mean + half)}` : "";
    return `${words}: ${told}; A − B is ${points(mean)} points${between}`.replaceAll("-", "−");
  }

  function summary() {
    if (!found.length) return worker ? "The first seed is being trained …" : "Each seed draws other images, other first weights and other batches.";
    const { steps } = found[0].at(-1);
    return `After ${steps} step${steps > 1 ? "s" : ""} and ${found.length} seed${found.length > 1 ? "s" : ""}. `
      + OVER_SEEDS.map(sentence).map((text) => text[0].toUpperCase() + text.slice(1)).join(". ") + ".";
  }

  function show() {
    said.textContent = summary();
    OVER_SEEDS.forEach((measure, index) => charts[index].show(NAMES.map((_, network) => line(network, measure.name)),
      found.length ? sentence(measure) : "nothing yet"));
  }

  /** Forget what was found of other settings. */
  function reset() {
    end();
    found = [];
    enable(start, given().possible);
    number.show(count);
    show();
  }

  const usual = () => { count = USUAL_COUNT; };

  return { node, reset, usual, end };
}
