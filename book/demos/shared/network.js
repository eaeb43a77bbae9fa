/* A small trained network, run in the page. Maps are { channels, size, data } with data row by row, channel by channel. */

/** A 2D image as a map of one channel. */
export function asMap(image) {
  return { channels: 1, size: image.length, data: Float64Array.from(image.flat()) };
}

/** 3x3 convolution with padding 1, then a rectifier. `weight` is [out][in][3][3]. */
export function convolve({ channels, size, data }, weight, bias) {
  const out = new Float64Array(weight.length * size * size);
  for (let o = 0; o < weight.length; o++) {
    const base = o * size * size;
    out.fill(bias[o], base, base + size * size);
    for (let c = 0; c < channels; c++) {
      for (let u = 0; u < 3; u++) {
        for (let v = 0; v < 3; v++) {
          const w = weight[o][c][u][v];
          const [top, bottom] = [Math.max(0, 1 - u), Math.min(size, size + 1 - u)];
          const [left, right] = [Math.max(0, 1 - v), Math.min(size, size + 1 - v)];
          for (let y = top; y < bottom; y++) {
            const to = base + y * size;
            const from = (c * size + y + u - 1) * size + v - 1;
            for (let x = left; x < right; x++) out[to + x] += w * data[from + x];
          }
        }
      }
    }
  }
  for (let i = 0; i < out.length; i++) if (out[i] < 0) out[i] = 0;
  return { channels: weight.length, size, data: out };
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

/** The last maps before the global pool. */
export function features(image, { down, pools, layers }) {
  return [layers.conv1, layers.conv2].reduce((map, { weight, bias }, i) => {
    const convolved = convolve(map, weight, bias);
    return pools.includes(i) ? HALVE[down](convolved) : convolved;
  }, asMap(image));
}

const SUMMARY = {
  gap: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  gmp: (values) => values.reduce((most, value) => Math.max(most, value)),
};

/** The average ("gap") or maximum ("gmp") of each channel. */
export function summarise({ channels, size, data }, head) {
  const area = size * size;
  return Array.from({ length: channels }, (_, c) => SUMMARY[head](data.subarray(c * area, (c + 1) * area)));
}

/** Logits of the ten classes. */
export function classify(image, network) {
  const { weight, bias } = network.layers.logits;
  const summary = summarise(features(image, network), network.head);
  return weight.map((row, k) => row.reduce((sum, w, c) => sum + w * summary[c], bias[k]));
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

/** A digit on a canvas, its top left corner at (top, left); what lies outside is cut off. Values 0..16 become 0..1. */
export function place(digit, size, top, left) {
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_unused, x) => (digit[y - top]?.[x - left] ?? 0) / 16));
}
