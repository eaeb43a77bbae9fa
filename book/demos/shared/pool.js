/* Pooling as PyTorch computes it, on one channel. An image is an array of rows; settings are
 * { operation, kernel: [height, width], stride, padding, ceilMode, countIncludePad, normType }. */

/** Output length along one axis, with the steps of the formula that give it. */
export function outputSize(n, kernel, stride, padding, ceilMode) {
  const reach = n + 2 * padding - kernel;
  const steps = ceilMode ? Math.ceil(reach / stride) : Math.floor(reach / stride);
  const dropped = ceilMode && steps * stride >= n + padding; // the last window would start in the padding
  return { reach, steps, dropped, size: steps + (dropped ? 0 : 1) };
}

/** Says in words why settings cannot be, or returns null. */
export function problem(image, { operation, kernel, stride, padding }) {
  const axes = ["height", "width"];
  const lengths = [image.length, image[0].length];
  for (const [i, axis] of axes.entries()) {
    const [k, s, p, n] = [kernel[i], stride[i], padding[i], lengths[i]];
    if (k < 1 || s < 1 || p < 0) {
      return "Kernel and stride are at least 1, padding is at least 0.";
    }
    if (operation === "lp" && p > 0) {
      return "Lp pooling takes no padding: PyTorch's lp_pool2d has no such argument.";
    }
    if (2 * p > k) {
      return `Padding ${p} is more than half of the kernel's ${axis} ${k}: a window could lie wholly in the padding.`;
    }
    if (k > n + 2 * p) {
      return `A window of ${axis} ${k} does not fit into the input: its padded ${axis} is ${n + 2 * p}.`;
    }
  }
  return null;
}

/** [rows, columns] of the output. */
export function outputShape(image, { kernel, stride, padding, ceilMode }) {
  return [image.length, image[0].length].map(
    (n, i) => outputSize(n, kernel[i], stride[i], padding[i], ceilMode).size,
  );
}

/** One axis of a window: where it starts and ends with padding, and where within the image. */
function span(position, n, kernel, stride, padding) {
  const start = position * stride - padding;
  const end = Math.min(start + kernel, n + padding); // ceil mode clips the window here
  return { start, end, from: Math.max(start, 0), to: Math.min(end, n) };
}

/** The window of an output cell; `area` counts padding, `count` does not. */
export function windowAt(image, row, column, { kernel, stride, padding }) {
  const y = span(row, image.length, kernel[0], stride[0], padding[0]);
  const x = span(column, image[0].length, kernel[1], stride[1], padding[1]);
  return {
    y,
    x,
    area: (y.end - y.start) * (x.end - x.start),
    count: (y.to - y.from) * (x.to - x.from),
    clipped: y.end - y.start < kernel[0] || x.end - x.start < kernel[1],
  };
}

/** The image's cells within a window, row by row: { row, column, value }. */
export function cellsOf(image, { y, x }) {
  const cells = [];
  for (let row = y.from; row < y.to; row++) {
    for (let column = x.from; column < x.to; column++) {
      cells.push({ row, column, value: image[row][column] });
    }
  }
  return cells;
}

/** Their values alone. */
function valuesOf(image, { y, x }) {
  const values = [];
  for (let row = y.from; row < y.to; row++) {
    for (let column = x.from; column < x.to; column++) values.push(image[row][column]);
  }
  return values;
}

/** What an average divides by. */
export function divisor(win, { countIncludePad }) {
  return countIncludePad ? win.area : win.count;
}

/** The (sum |x|^p)^(1/p) of some values; `scale` multiplies the sum. Divides by the largest first: no overflow. */
function lpNorm(values, p, scale) {
  const largest = Math.max(...values.map(Math.abs));
  if (largest === 0) return 0;
  const sum = values.reduce((total, value) => total + (Math.abs(value) / largest) ** p, 0);
  return largest * (sum * scale) ** (1 / p);
}

/** The value of one window. PyTorch scales the sum of a clipped Lp window up to the whole kernel. */
export function poolWindow(image, win, settings) {
  const values = valuesOf(image, win);
  if (settings.operation === "max") return Math.max(...values);
  if (settings.operation === "lp") {
    return lpNorm(values, settings.normType, (settings.kernel[0] * settings.kernel[1]) / win.area);
  }
  return values.reduce((total, value) => total + value, 0) / divisor(win, settings);
}

/** The whole output. */
export function pool(image, settings) {
  const [rows, columns] = outputShape(image, settings);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      poolWindow(image, windowAt(image, row, column, settings), settings),
    ),
  );
}

/** How a gradient of 1 at one output reaches the input: { row, column, share } for each cell that gets some. */
export function shares(image, win, settings, ties) {
  const cells = cellsOf(image, win);
  if (settings.operation === "average") {
    return cells.map(({ row, column }) => ({ row, column, share: 1 / divisor(win, settings) }));
  }
  const largest = Math.max(...cells.map((cell) => cell.value));
  const winners = cells.filter((cell) => cell.value === largest);
  const receivers = ties === "first" ? winners.slice(0, 1) : winners;
  const share = ties === "split" ? 1 / winners.length : 1;
  return receivers.map(({ row, column }) => ({ row, column, share }));
}

/** Gradient of the input: what every window sends back, added up. */
export function poolBackward(image, gradOutput, settings, ties) {
  const gradient = image.map((row) => row.map(() => 0));
  gradOutput.forEach((line, i) =>
    line.forEach((upstream, j) => {
      for (const { row, column, share } of shares(image, windowAt(image, i, j, settings), settings, ties)) {
        gradient[row][column] += upstream * share;
      }
    }),
  );
  return gradient;
}

/** Slopes of sum(gradOutput * output) in one input cell, measured by moving it by `step` up and down. */
export function finiteDifference(image, gradOutput, settings, row, column, step = 1e-3) {
  const loss = (change) => {
    const moved = image.map((line) => [...line]);
    moved[row][column] += change;
    const output = pool(moved, settings);
    return output.flatMap((line, i) => line.map((value, j) => value * gradOutput[i][j]))
      .reduce((total, value) => total + value, 0);
  };
  const [up, here, down] = [loss(step), loss(0), loss(-step)];
  return { up: (up - here) / step, down: (here - down) / step, central: (up - down) / (2 * step) };
}
