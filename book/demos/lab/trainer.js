/* Networks that learn side by side from the same batches, and what they know by now. */
import { Network } from "./build.js";
import { Adam, crossEntropy, strongest } from "./learning.js";
import { PIXELS, TASKS, below, dataOf, moveImage, shuffled, stream } from "./tasks.js";

const AT_ONCE = 50; // images in evaluation
const LEARNT = 100; // training images on which networks are asked what they know
const SHIFTED = 50; // test images whose answers are followed as they move
const REACH = 2; // pixels by which training images are moved at most
const NEIGHBOURS = [[0, 1], [1, 0], [0, -1], [-1, 0]];

/** After which steps networks are asked what they know: often at first. */
export function isMilestone(step) {
  return step % (step < 20 ? 5 : step < 100 ? 10 : 25) === 0;
}

export class Trainer {
  /** Settings: { task, images, noise, seed, rate, batch, shifts, networks }; digits as from `readDigits`. */
  constructor(settings, digits) {
    const { seed, networks, task } = settings;
    Object.assign(this, { settings, steps: 0, order: [], ...dataOf(settings, digits) });
    this.mixing = stream(seed, 2);
    this.moving = stream(seed, 3);
    this.wraps = Boolean(TASKS[task].wraps);
    this.networks = networks.map((spec) => new Network(spec, TASKS[task].classes.length, stream(seed, 4), stream(seed, 5)));
    this.optimisers = this.networks.map((network) => new Adam(network.parameters));
  }

  /** The next images to learn from; none is seen twice in a pass, whose last few may be left out. */
  batch() {
    const { images, shifts } = this.settings;
    const count = Math.min(this.settings.batch, images);
    if (this.order.length < count) this.order = shuffled(Array.from({ length: images }, (_, i) => i), this.mixing);
    const chosen = this.order.splice(0, count);
    const x = new Float32Array(count * PIXELS);
    chosen.forEach((index, to) => {
      const move = () => (shifts ? below(2 * REACH + 1, this.moving) - REACH : 0);
      const target = x.subarray(to * PIXELS, (to + 1) * PIXELS);
      moveImage(this.training.x.subarray(index * PIXELS, (index + 1) * PIXELS), target, move(), move(), this.wraps);
    });
    return { x, labels: chosen.map((index) => this.training.labels[index]) };
  }

  /** One step of each network; returns their losses before it. */
  step() {
    const { x, labels } = this.batch();
    this.steps += 1;
    return this.networks.map((network, index) => {
      const { loss, gradient } = crossEntropy(network.forward(x, labels.length, true), labels);
      network.backward(gradient, labels.length);
      this.optimisers[index].step(this.settings.rate);
      return loss;
    });
  }

  /** What each network knows: { loss, accuracy, testLoss, testAccuracy, consistency }. */
  evaluate() {
    const { training, test } = this;
    const known = Math.min(LEARNT, training.labels.length);
    const seen = { x: training.x.subarray(0, known * PIXELS), labels: training.labels.slice(0, known) };
    return this.networks.map((network) => {
      const [learnt, asked] = [ask(network, seen), ask(network, test)];
      return {
        loss: learnt.loss, accuracy: learnt.right, testLoss: asked.loss, testAccuracy: asked.right,
        consistency: this.#consistency(network, asked.answers),
      };
    });
  }

  /** The share of answers that stay when the image moves by one pixel, in four directions. */
  #consistency(network, answers) {
    const x = new Float32Array(NEIGHBOURS.length * PIXELS);
    let same = 0;
    for (let index = 0; index < SHIFTED; index++) {
      const image = this.test.x.subarray(index * PIXELS, (index + 1) * PIXELS);
      NEIGHBOURS.forEach(([down, right], to) =>
        moveImage(image, x.subarray(to * PIXELS, (to + 1) * PIXELS), down, right, this.wraps));
      same += answersTo(network, x).filter((answer) => answer === answers[index]).length;
    }
    return same / (SHIFTED * NEIGHBOURS.length);
  }
}

/** The class that a network takes each image for. */
export function answersTo(network, x) {
  const count = x.length / PIXELS;
  const logits = network.forward(x, count);
  const classes = logits.length / count;
  return Array.from({ length: count }, (_, index) => strongest(logits.subarray(index * classes, (index + 1) * classes)));
}

/** Mean loss, share of right answers, and the answers. */
function ask(network, { x, labels }) {
  let [loss, answers] = [0, []];
  for (let from = 0; from < labels.length; from += AT_ONCE) {
    const part = labels.slice(from, from + AT_ONCE);
    const found = crossEntropy(network.forward(x.subarray(from * PIXELS, (from + part.length) * PIXELS), part.length), part);
    loss += (found.loss * part.length) / labels.length;
    answers.push(...found.answers);
  }
  return { loss, answers, right: answers.filter((answer, index) => answer === labels[index]).length / labels.length };
}
