/* Cross-correlation as PyTorch's conv2d computes it, for one output channel: images and weights are
 * [channel][row][column]; settings are { stride: [height, width], padding, dilation }. */

/** How far a dilated kernel reaches. */
export function extent(kernel, dilation) {
  return dilation * (kernel - 1) + 1;
}

/** Says in words why settings cannot be, or returns null. */
export function convProblem(image, weight, { stride, padding, dilation }) {
  const lengths = [image[0].length, image[0][0].length];
  const kernel = [weight[0].length, weight[0][0].length];
  for (const [i, axis] of ["height", "width"].entries()) {
    if (stride[i] < 1 || dilation[i] < 1 || padding[i] < 0) {
      return "Stride and dilation are at least 1, padding is at least 0.";
    }
    const reach = extent(kernel[i], dilation[i]);
    if (reach > lengths[i] + 2 * padding[i]) {
      return `The filter spans a ${axis} of ${reach}, more than the padded input's ${lengths[i] + 2 * padding[i]}.`;
    }
  }
  return null;
}

/** [rows, columns] of the output. */
export function convShape(image, weight, { stride, padding, dilation }) {
  const kernel = [weight[0].length, weight[0][0].length];
  return [image[0].length, image[0][0].length].map((n, i) =>
    Math.floor((n + 2 * padding[i] - extent(kernel[i], dilation[i])) / stride[i]) + 1);
}

/** The cells of one channel under the filter for one output cell: { row, column, value, weight }; padding is 0. */
export function taps(channel, kernel, row, column, { stride, padding, dilation }) {
  return kernel.flatMap((line, u) => line.map((weight, v) => {
    const y = row * stride[0] - padding[0] + u * dilation[0];
    const x = column * stride[1] - padding[1] + v * dilation[1];
    return { row: y, column: x, weight, value: channel[y]?.[x] ?? 0 };
  }));
}

/** What one channel adds to one output cell: the sum over its taps, without listing them. */
function channelSum(channel, kernel, row, column, { stride, padding, dilation }) {
  let total = 0;
  for (let u = 0; u < kernel.length; u++) {
    const line = channel[row * stride[0] - padding[0] + u * dilation[0]];
    if (!line) continue;
    for (let v = 0; v < kernel[u].length; v++) {
      total += kernel[u][v] * (line[column * stride[1] - padding[1] + v * dilation[1]] ?? 0);
    }
  }
  return total;
}

/** What each channel adds to one output cell. */
export function channelSums(image, weight, row, column, settings) {
  return image.map((channel, c) => channelSum(channel, weight[c], row, column, settings));
}

/** The whole output. */
export function correlate(image, weight, settings) {
  const [rows, columns] = convShape(image, weight, settings);
  return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) =>
    channelSums(image, weight, row, column, settings).reduce((total, value) => total + value, 0)));
}

/** A matrix turned counter-clockwise by quarter turns, as numpy.rot90. */
export function rot90(matrix, turns) {
  let turned = matrix;
  for (let i = 0; i < ((turns % 4) + 4) % 4; i++) {
    const source = turned;
    turned = source[0].map((_, c) => source.map((row) => row[row.length - 1 - c]));
  }
  return turned;
}
