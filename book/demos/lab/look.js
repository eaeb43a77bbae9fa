/* What a test image does in the block that is chosen. */
import { NAMES, part } from "./panels.js";
import { SIDE, convolutionLayer, poolLayers } from "./spec.js";
import { SPAN, TASKS, TESTED } from "./tasks.js";
import { framed, mosaics, shiftMap, strip } from "./tiles.js";
import { trace } from "../shared/receptive.js";
import { make, stepper } from "../shared/ui.js";

/** The cells of the image that the middle cell behind a block depends on: [first, last] along each axis. */
function seen({ blocks }, last, size) {
  const layers = blocks.slice(0, last + 1).flatMap((block) => [convolutionLayer(block), ...poolLayers(block)]);
  return trace({ size: SIDE, channels: 1 }, layers, Math.floor(size / 2))[0];
}

const biggest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0).toPrecision(2);

/** The words beside the gradient: how many cells get some, and what ties did. */
function gradientWords({ gradient, ties }) {
  const reached = gradient.values.filter((value) => value !== 0).length;
  const share = `reaches ${reached} of ${gradient.values.length} cells`;
  if (!ties) return share;
  const zeros = ties.zeros ? `, ${ties.zeros} of them all zeros` : "";
  return `${share}; ${ties.ties} of ${ties.windows} windows have several largest cells${zeros}: the first gets all`;
}

export function lookPanel(apply) {
  const image = stepper("test image", { min: 1, max: TESTED }, (value) => apply({ image: Math.round(value) - 1 }));
  const picture = framed(SIDE);
  const said = make("p", { class: "lm-result" });
  const title = make("p", { class: "lm-caption" });
  const strips = { filters: strip("Filters"), before: strip("Before the pool"), after: strip("After it"),
    gradient: strip("Where the gradient goes") };
  const maps = NAMES.map((name) => shiftMap(`Network ${name}`, SPAN));
  const node = part("A look inside", make("div", { class: "lm-look" },
    make("div", { class: "lm-lookimage" }, make("div", { class: "lm-field" }, make("span", { class: "lm-label" }, "test image"), image.node), picture.node, said),
    make("div", { class: "lm-inside" }, title, ...Object.values(strips).map((one) => one.node)),
    make("div", { class: "lm-shifts" }, make("p", { class: "lm-caption" }, "Answers at all shifts"), ...maps.map((map) => map.node))));

  const showImage = (settings) => image.show(settings.image + 1);

  function show(found, { networks, network, block, task }) {
    const { classes } = TASKS[task];
    title.textContent = `Network ${NAMES[network]}, block ${block + 1}`;
    const field = seen(networks[network], block, found.after.size);
    const across = field[1] - field[0] + 1;
    picture.show(found.x, field, `The test image; the middle cell of block ${block + 1} sees ${across} × ${across} of its pixels`);
    const answers = found.answers.map((answer, index) => `${NAMES[index]} says ${classes[answer]}`).join(", ");
    said.textContent = `It is “${classes[found.label]}”; ${answers}. The frame is what the middle cell behind this block sees.`;
    const { pixels, width, height } = mosaics(found.filters);
    strips.filters.show(found.filters.count, width, height, pixels, `${found.filters.count}, largest weight ${biggest(found.filters.values)}`);
    for (const name of ["before", "after", "gradient"]) {
      const { values, channels, size } = found[name];
      const words = name === "gradient" ? gradientWords(found) : `${channels} maps of ${size} × ${size}, largest value ${biggest(values)}`;
      strips[name].show(channels, size, size, values, words);
    }
    found.shifted?.forEach((answers, index) => maps[index].show(answers));
  }
  /** Nothing has been learnt yet. */
  const clear = () => maps.forEach((map) => map.clear());
  return { node, show, showImage, clear };
}
