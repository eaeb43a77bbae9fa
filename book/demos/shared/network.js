/* A small trained network, run in the page. Maps are { channels, size, data } with data row by row, channel by channel. */

/** The channels of a map with a border of zeros, one cell wide. */
function bordered({ channels, size, data }) {
  const wide = size + 2;
  const out = new Float64Array(channels * wide * wide);
  for (let line = 0; line < channels * size; line++) {
    const [channel, y] = [Math.floor(line / size), line % size];
    out.set(data.subarray(line * size, (line + 1) * size), (channel * wide + y + 1) * wide + 1);
  }
  return out;
}

/** Add to `sums` (a square of side `size`) the correlation of a bordered channel with nine weights. */
function addCorrelation(sums, size, channel, [a, b, c, d, e, f, g, h, i]) {
  const wide = size + 2;
  for (let y = 0, to = 0; y < size; y++) {
    for (let at = y * wide; at < y * wide + size; at++, to++) {
      const [below, last] = [at + wide, at + 2 * wide];
      sums[to] += a * channel[at] + b * channel[at + 1] + c * channel[at + 2]
        + d * channel[below] + e * channel[below + 1] + f * channel[below + 2]
        + g * channel[last] + h * channel[last + 1] + i * channel[last + 2];
    }
  }
}

/** 3x3 convolution with padding 1. `weight` is [out][in][3][3]. */
export function convolve(map, weight, bias) {
  const { channels, size } = map;
  const [area, wide, source] = [size * size, (size + 2) ** 2, bordered(map)];
  const out = new Float64Array(weight.length * area);
  for (let o = 0; o < weight.length; o++) {
    const sums = out.subarray(o * area, (o + 1) * area).fill(bias[o]);
    for (let c = 0; c < channels; c++) {
      addCorrelation(sums, size, source.subarray(c * wide, (c + 1) * wide), weight[o][c].flat());
    }
  }
  return { channels: weight.length, size, data: out };
}

/** The rectifier: what is negative becomes zero. */
export function rectify({ channels, size, data }) {
  return { channels, size, data: data.map((value) => (value < 0 ? 0 : value)) };
}

/** Apply `cell(at, y, x)` for every output cell, where `at(y, x)` reads the channel. */
function eachCell({ channels, size, data }, count, cell) {
  const out = new Float64Array(channels * count * count);
  for (let c = 0; c < channels; c++) {
    const at = (y, x) => data[(c * size + y) * size + x];
    for (let y = 0; y < count; y++) {
      for (let x = 0; x < count; x++) out[(c * count + y) * count + x] = cell(at, y, x);
    }
  }
  return { channels, size: count, data: out };
}

const BINOMIAL = [0.25, 0.5, 0.25];

/** Dense 2x2 maximum, then a binomial blur of every second cell; zeros around, which never beat a rectified maximum. */
function blurPool(map) {
  const { size } = map;
  const dense = eachCell(map, size, (at, y, x) => {
    const [below, beside] = [Math.min(y + 1, size - 1), Math.min(x + 1, size - 1)];
    return Math.max(at(y, x), at(y, beside), at(below, x), at(below, beside));
  });
  return eachCell(dense, size / 2, (at, y, x) => {
    let sum = 0;
    for (let u = y ? 0 : 1; u < 3; u++) {
      for (let v = x ? 0 : 1; v < 3; v++) sum += BINOMIAL[u] * BINOMIAL[v] * at(2 * y + u - 1, 2 * x + v - 1);
    }
    return sum;
  });
}

/** The four ways to halve a map of even size. */
export const HALVE = {
  max: (map) => eachCell(map, map.size / 2, (at, y, x) =>
    Math.max(at(2 * y, 2 * x), at(2 * y, 2 * x + 1), at(2 * y + 1, 2 * x), at(2 * y + 1, 2 * x + 1))),
  avg: (map) => eachCell(map, map.size / 2, (at, y, x) =>
    (at(2 * y, 2 * x) + at(2 * y, 2 * x + 1) + at(2 * y + 1, 2 * x) + at(2 * y + 1, 2 * x + 1)) / 4),
  stride: (map) => eachCell(map, map.size / 2, (at, y, x) => at(2 * y, 2 * x)),
  blur: blurPool,
};

/** The last maps before the head. */
export function features(image, { down, pools, layers }) {
  return [layers.conv1, layers.conv2].reduce((map, { weight, bias }, i) => {
    const rectified = rectify(convolve(map, weight, bias));
    return pools.includes(i) ? HALVE[down](rectified) : rectified;
  }, image);
}

const SUMMARY = {
  gap: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  gmp: (values) => values.reduce((most, value) => Math.max(most, value)),
};

/** What the classifier gets: the average ("gap") or maximum ("gmp") of each channel, or all cells ("flatten"). */
export function summarise({ channels, size, data }, head) {
  if (head === "flatten") return [...data];
  const area = size * size;
  return Array.from({ length: channels }, (_, c) => SUMMARY[head](data.subarray(c * area, (c + 1) * area)));
}

/** A dense layer: each output is a bias and all inputs, each times a weight of its own. */
export function dense(inputs, { weight, bias }) {
  return weight.map((row, k) => row.reduce((sum, w, i) => sum + w * inputs[i], bias[k]));
}

/** Logits of the ten classes. */
export function classify(image, network) {
  return dense(summarise(features(image, network), network.head), network.layers.logits);
}

/** Probabilities from logits. */
export function softmax(logits) {
  const largest = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

/** The class activation map of one class: rows of sum over channels of weight times feature. */
export function activationMap(map, row) {
  const { channels, size, data } = map;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_unused, x) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += row[c] * data[(c * size + y) * size + x];
    return sum;
  }));
}

/** A map with a digit on it, its top left corner at (top, left); what lies outside is cut off. Values 0..16 become 0..1. */
export function place(digit, size, top, left) {
  const data = new Float64Array(size * size);
  digit.forEach((line, r) => line.forEach((value, c) => {
    const [y, x] = [top + r, left + c];
    if (y >= 0 && y < size && x >= 0 && x < size) data[y * size + x] = value / 16;
  }));
  return { channels: 1, size, data };
}
