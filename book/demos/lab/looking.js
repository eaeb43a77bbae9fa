/* What one image does in a network: maps, the gradient of its loss, ties, answers wherever it stands. */
import { crossEntropy } from "./learning.js";
import { Maximum } from "./pools.js";
import { PIXELS, REACH_OF_MAP, SPAN, moveImage } from "./tasks.js";
import { answersTo } from "./trainer.js";

/** How many windows of a max pool have several largest cells, and in how many of them these are zeros. */
function tiesOf(pool, x) {
  const [positions, { table, taps }] = [pool.to.size ** 2, pool];
  let [ties, zeros] = [0, 0];
  pool.output.forEach((most, at) => {
    const [start, position] = [Math.floor(at / positions) * pool.from.size ** 2, at % positions];
    let equal = 0;
    for (let tap = 0; tap < taps; tap++) {
      const cell = table[tap * positions + position];
      if (cell >= 0 && x[start + cell] === most) equal += 1;
    }
    if (equal > 1) ties += 1;
    if (equal > 1 && most === 0) zeros += 1;
  });
  return { windows: pool.output.length, ties, zeros };
}

/** Run an image through a network, forwards and backwards; copy what a block holds then. */
function inside(network, x, label, index) {
  const { convolution, rectifier, pools } = network.blocks[index];
  const { gradient } = crossEntropy(network.forward(x, 1), [label]);
  network.backward(gradient, 1);
  for (const parameter of network.parameters) parameter.gradient.fill(0);
  const after = pools.at(-1) ?? rectifier;
  return {
    filters: { values: convolution.weight.values.slice(), count: convolution.to.channels, channels: convolution.from.channels,
      kernel: convolution.kernel },
    before: mapsOf(rectifier.output, rectifier.to),
    after: mapsOf(after.output, after.to),
    gradient: mapsOf(network.layers[network.layers.indexOf(rectifier) + 1].gradient, rectifier.to),
    ties: pools[0] instanceof Maximum ? tiesOf(pools[0], rectifier.output) : null,
  };
}

function mapsOf(values, { channels, size }) {
  return { values: values.slice(0, channels * size * size), channels, size };
}

/** The answers to an image at all shifts, row by row. */
function answersOverShifts(network, image, wraps) {
  const x = new Float32Array(SPAN * PIXELS);
  const answers = [];
  for (let down = -REACH_OF_MAP; down <= REACH_OF_MAP; down++) {
    for (let column = 0; column < SPAN; column++) {
      moveImage(image, x.subarray(column * PIXELS, (column + 1) * PIXELS), down, column - REACH_OF_MAP, wraps);
    }
    answers.push(...answersTo(network, x));
  }
  return answers;
}

/** All that is looked at: a test image in one block of one network; if asked for, the answers of all at all shifts. */
export function lookAt(trainer, { network, block, image, shifts }) {
  const x = trainer.test.x.slice(image * PIXELS, (image + 1) * PIXELS);
  const label = trainer.test.labels[image];
  const answers = trainer.networks.map((one) => answersTo(one, x)[0]);
  const shifted = shifts ? trainer.networks.map((one) => answersOverShifts(one, x, trainer.wraps)) : null;
  return { x, label, answers, shifted, ...inside(trainer.networks[network], x, label, block) };
}
