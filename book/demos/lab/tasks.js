/* What there is to learn: images of 16 × 16 pixels in 0..1 with their classes, made from the digits of the book. */
import { generator } from "../shared/chance.js";
import { SIDE } from "./spec.js";

const DIGIT = 8; // pixels across
export const PIXELS = SIDE * SIDE;
export const TESTED = 200; // images that no network learns from
export const REACH_OF_MAP = 8; // pixels by which the image that is looked at is moved each way
export const SPAN = 2 * REACH_OF_MAP + 1;

const SHARE_LEARNT = 0.8; // of the digits; the others are tested

/** An independent stream of random numbers for each use of a seed. */
export function stream(seed, use) {
  return generator(Math.imul(seed * 16 + use + 1, 0x9e3779b1));
}

/** A whole number from 0 to below `count`. */
export const below = (count, random) => Math.floor(random() * count);

/** A number of the standard normal distribution (Box and Muller). */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Digits as the page brings them: 64 signs each, from 0 to 9 and a to g for 0 to 16 sixteenths. */
export function readDigits({ pixels, labels }) {
  return Array.from(labels, (label, index) => ({
    label: Number(label),
    values: Array.from(pixels.slice(index * DIGIT ** 2, (index + 1) * DIGIT ** 2), (sign) => parseInt(sign, 17) / 16),
  }));
}

/** Lay a digit into an image, turned to the left by quarter turns. */
function lay(image, { values }, top, left, turns = 0) {
  for (let y = 0; y < DIGIT; y++) {
    for (let x = 0; x < DIGIT; x++) {
      let [row, column] = [y, x];
      for (let turn = 0; turn < turns; turn++) [row, column] = [column, DIGIT - 1 - row];
      image[(top + y) * SIDE + left + x] = values[row * DIGIT + column];
    }
  }
}

const MIDDLE = (SIDE - DIGIT) / 2;
const anywhere = (random) => below(SIDE - DIGIT + 1, random);

/** Bright spots of 2 × 2 pixels that do not touch. */
function spots(image, count, random) {
  const taken = [];
  while (taken.length < count) {
    const [top, left] = [below(SIDE - 1, random), below(SIDE - 1, random)];
    if (taken.every(([y, x]) => Math.abs(y - top) > 2 || Math.abs(x - left) > 2)) taken.push([top, left]);
  }
  for (const [y, x] of taken) for (const at of [0, 1, SIDE, SIDE + 1]) image[y * SIDE + x + at] = 1;
}

/** Upright or lying stripes, so many to an image, that begin anywhere. */
function stripes(image, count, random) {
  const [phase, lying] = [random(), random() < 0.5];
  for (let at = 0; at < PIXELS; at++) {
    const place = (lying ? Math.floor(at / SIDE) : at % SIDE) / SIDE;
    image[at] = 0.5 + 0.5 * Math.cos(2 * Math.PI * (count * place + phase));
  }
}

/** Each task paints one image and returns its class; digits come in turn, so that few images show few digits twice.
 *  `wraps`: what leaves the image on one side comes in on the other when it is moved. */
export const TASKS = {
  middle: {
    name: "digit in the middle", classes: "0123456789",
    paint(image, digit) {
      lay(image, digit, MIDDLE, MIDDLE);
      return digit.label;
    },
  },
  anywhere: {
    name: "digit anywhere", classes: "0123456789",
    paint(image, digit, random) {
      lay(image, digit, anywhere(random), anywhere(random));
      return digit.label;
    },
  },
  turned: {
    name: "6 or 9, turned", classes: "69", only: [6, 9],
    paint(image, digit, random) {
      lay(image, digit, MIDDLE, MIDDLE, below(4, random));
      return digit.label === 6 ? 0 : 1;
    },
  },
  quadrant: {
    name: "which quadrant", classes: ["upper left", "upper right", "lower left", "lower right"],
    paint(image, digit, random) {
      const [down, right] = [below(2, random), below(2, random)];
      lay(image, digit, 6 * down + below(3, random), 6 * right + below(3, random));
      return 2 * down + right;
    },
  },
  spots: {
    name: "how many spots", classes: "12345",
    paint(image, digit, random) {
      const count = 1 + below(5, random);
      spots(image, count, random);
      return count - 1;
    },
  },
  stripes: {
    name: "wide or narrow stripes", classes: ["wide", "narrow"], wraps: true,
    paint(image, digit, random) {
      const narrow = below(2, random);
      stripes(image, narrow ? 6 : 2, random);
      return narrow;
    },
  },
};

/** So many images of a task: { x, labels }. */
export function paintImages(task, count, noise, digits, random) {
  const { paint, only } = TASKS[task];
  const usable = only ? digits.filter(({ label }) => only.includes(label)) : digits;
  const x = new Float32Array(count * PIXELS);
  const labels = Array.from({ length: count }, (_, index) =>
    paint(x.subarray(index * PIXELS, (index + 1) * PIXELS), usable[index % usable.length], random));
  if (noise) for (let at = 0; at < x.length; at++) x[at] += noise * normal(random);
  return { x, labels };
}

/** Images to learn from and to be tested with; no digit is in both. */
export function dataOf({ task, images, noise, seed }, digits) {
  const random = stream(seed, 0);
  const mixed = shuffled(digits, random);
  const cut = Math.floor(mixed.length * SHARE_LEARNT);
  return {
    training: paintImages(task, images, noise, mixed.slice(0, cut), random),
    test: paintImages(task, TESTED, noise, mixed.slice(cut), stream(seed, 1)),
  };
}

/** A copy in random order (Fisher and Yates). */
export function shuffled(values, random) {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = below(last + 1, random);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

/** Copy an image into `target`, moved down and to the right. */
export function moveImage(source, target, down, right, wraps) {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let [row, column] = [y - down, x - right];
      if (wraps) [row, column] = [(row + 2 * SIDE) % SIDE, (column + 2 * SIDE) % SIDE];
      const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
      target[y * SIDE + x] = inside ? source[row * SIDE + column] : 0;
    }
  }
}
