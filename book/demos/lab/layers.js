/* Layers that run forwards and backwards on batches: maps lie image by image, channel by channel, row by row. A layer
 * keeps what it gave last (`output`) and what it sent back last (`gradient`); both are overwritten by the next batch. */
import { COLUMNS, ROWS, addProduct, padded, regions } from "./matrices.js";
import { windowTable } from "./windows.js";

/** What all layers have: room that is kept from batch to batch. */
export class Layer {
  #rooms = new Map();

  constructor(input, output) {
    Object.assign(this, { from: input, to: output, parameters: [] });
  }

  /** An array of zeros, or with `keep` of whatever was left there. */
  room(name, length, keep = false) {
    if (!(this.#rooms.get(name)?.length >= length)) this.#rooms.set(name, new Float32Array(length));
    const room = this.#rooms.get(name).subarray(0, length);
    return keep ? room : room.fill(0);
  }

  /** Room for the output or the gradient of a batch. */
  newOutput(count, keep) {
    return (this.output = this.room("output", count * this.to.channels * this.to.size ** 2, keep));
  }

  newGradient(count, keep) {
    return (this.gradient = this.room("gradient", count * this.from.channels * this.from.size ** 2, keep));
  }
}

/** Numbers to learn: weights that keep the size of what comes in through a rectifier (He et al., 2015), biases of zero. */
function weightsOf(outputs, inputs, random) {
  const draw = () => (2 * random() - 1) * Math.sqrt(6 / inputs);
  const learnt = (values) => ({ values, gradient: new Float32Array(values.length) });
  return [learnt(Float32Array.from({ length: outputs * inputs }, draw)), learnt(new Float32Array(outputs))];
}

/** A convolution as a product of matrices: the windows' cells are copied into columns first. */
export class Convolution extends Layer {
  constructor(input, { kernel, channels, padding }, border, random) {
    super(input, { channels, size: input.size });
    this.depth = input.channels * kernel * kernel;
    this.border = windowTable(input.size, { kernel: 1, stride: 1, padding }, border); // the map with what surrounds it
    this.kernel = kernel;
    this.area = this.to.size ** 2;
    this.wide = padded(this.area, COLUMNS);
    this.parameters = [this.weight, this.bias] = weightsOf(channels, this.depth, random);
    this.sendsBack = true;
  }

  /** Copy what lies in the windows of an image: a row for each tap of each channel, a column for each position. */
  #gather(x, image, columns) {
    const { kernel, wide } = this;
    const { table, size: side } = this.border;
    const { channels, size } = this.from;
    const around = this.room("around", side * side, true);
    for (let channel = 0, row = 0; channel < channels; channel++) {
      const start = (image * channels + channel) * size * size;
      for (let at = 0; at < around.length; at++) around[at] = table[at] < 0 ? 0 : x[start + table[at]];
      for (let tap = 0; tap < kernel * kernel; tap++, row++) {
        const corner = Math.floor(tap / kernel) * side + (tap % kernel);
        for (let y = 0; y < size; y++) {
          const [to, from] = [row * wide + y * size, corner + y * side];
          for (let column = 0; column < size; column++) columns[to + column] = around[from + column];
        }
      }
    }
  }

  /** The way back of `gather`: what several windows share adds up. */
  #scatter(columns, back, image) {
    const { kernel, wide } = this;
    const { table, size: side } = this.border;
    const { channels, size } = this.from;
    for (let channel = 0, row = 0; channel < channels; channel++) {
      const around = this.room("around", side * side);
      for (let tap = 0; tap < kernel * kernel; tap++, row++) {
        const corner = Math.floor(tap / kernel) * side + (tap % kernel);
        for (let y = 0; y < size; y++) {
          const [from, to] = [row * wide + y * size, corner + y * side];
          for (let column = 0; column < size; column++) around[to + column] += columns[from + column];
        }
      }
      const start = (image * channels + channel) * size * size;
      for (let at = 0; at < around.length; at++) if (table[at] >= 0) back[start + table[at]] += around[at];
    }
  }

  forward(x, count) {
    this.input = x;
    const { area, wide, depth, to: { channels } } = this;
    const [result, rows] = [this.newOutput(count, true), padded(channels, ROWS)];
    const [weights, columns, out] = regions(rows * depth, depth * wide, rows * wide);
    weights.values.fill(0).set(this.weight.values);
    for (let image = 0; image < count; image++) {
      this.#gather(x, image, columns.values);
      for (let channel = 0; channel < channels; channel++) out.values.fill(this.bias.values[channel], channel * wide, (channel + 1) * wide);
      addProduct([rows, wide, depth], [weights, depth, 1], [columns, wide], [out, wide]);
      for (let channel = 0; channel < channels; channel++) {
        result.set(out.values.subarray(channel * wide, channel * wide + area), (image * channels + channel) * area);
      }
    }
    return result;
  }

  backward(gradient, count) {
    const { area, wide, depth, to: { channels } } = this;
    const back = this.sendsBack ? this.newGradient(count) : null;
    const [rows, deep, broad] = [padded(channels, ROWS), padded(depth, ROWS), padded(channels, COLUMNS)];
    const [weights, columns, arrived, turned, sums, sent] = regions(rows * depth, deep * wide, rows * wide, area * broad,
      deep * broad, deep * wide);
    weights.values.fill(0).set(this.weight.values);
    arrived.values.fill(0);
    sums.values.fill(0);
    for (let image = 0; image < count; image++) {
      for (let channel = 0, at = image * channels * area; channel < channels; channel++) {
        let sum = 0;
        for (let position = 0; position < area; position++, at++) {
          sum += gradient[at];
          turned.values[position * broad + channel] = arrived.values[channel * wide + position] = gradient[at];
        }
        this.bias.gradient[channel] += sum;
      }
      this.#gather(this.input, image, columns.values);
      addProduct([deep, broad, area], [columns, wide, 1], [turned, broad], [sums, broad]);
      if (!back) continue;
      sent.values.fill(0);
      addProduct([deep, wide, channels], [weights, 1, depth], [arrived, wide], [sent, wide]);
      this.#scatter(sent.values, back, image);
    }
    addTurned(this.weight.gradient, depth, sums.values, broad, [channels, depth]);
    return back;
  }
}

/** Add to a matrix, (rows, columns), another that lies turned; `step` and `turnedStep` are from row to row of each. */
function addTurned(target, step, turned, turnedStep, [rows, columns]) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) target[row * step + column] += turned[column * turnedStep + row];
  }
}

/** What is negative becomes zero. */
export class Rectifier extends Layer {
  constructor(input) {
    super(input, input);
  }

  forward(x, count) {
    const out = this.newOutput(count, true);
    for (let at = 0; at < out.length; at++) out[at] = x[at] > 0 ? x[at] : 0;
    return out;
  }

  backward(gradient, count) {
    const back = this.newGradient(count, true);
    for (let at = 0; at < back.length; at++) back[at] = this.output[at] > 0 ? gradient[at] : 0;
    return back;
  }
}

/** Every cell of the input is multiplied by zero or, if it is kept, by 1 / (1 - p); with `whole`, channels as a whole. */
export class Dropout extends Layer {
  constructor(input, p, whole, random) {
    super(input, input);
    Object.assign(this, { p, whole, random });
  }

  forward(x, count, training) {
    const out = this.newOutput(count, true);
    const mask = (this.mask = this.room("mask", out.length, true));
    const [run, kept] = [this.whole ? this.from.size ** 2 : 1, 1 / (1 - this.p)];
    if (!training) mask.fill(1);
    else for (let at = 0; at < mask.length; at += run) mask.fill(this.random() < this.p ? 0 : kept, at, at + run);
    for (let at = 0; at < out.length; at++) out[at] = x[at] * mask[at];
    return out;
  }

  backward(gradient, count) {
    const back = this.newGradient(count, true);
    for (let at = 0; at < back.length; at++) back[at] = gradient[at] * this.mask[at];
    return back;
  }
}

/** All inputs of an image to each output. */
export class Dense extends Layer {
  constructor(input, outputs, random) {
    super(input, { channels: outputs, size: 1 });
    this.depth = input.channels * input.size ** 2;
    this.parameters = [this.weight, this.bias] = weightsOf(outputs, this.depth, random);
  }

  forward(x, count) {
    this.input = x;
    const { depth, to: { channels } } = this;
    const [result, rows, broad] = [this.newOutput(count, true), padded(count, ROWS), padded(channels, COLUMNS)];
    const [given, turned, out] = regions(rows * depth, depth * broad, rows * broad);
    given.values.fill(0).set(x);
    turned.values.fill(0);
    addTurned(turned.values, broad, this.weight.values, depth, [depth, channels]);
    out.values.fill(0);
    addProduct([rows, broad, depth], [given, depth, 1], [turned, broad], [out, broad]);
    for (let at = 0; at < result.length; at++) {
      const channel = at % channels;
      result[at] = out.values[((at - channel) / channels) * broad + channel] + this.bias.values[channel];
    }
    return result;
  }

  backward(gradient, count) {
    const { depth, to: { channels } } = this;
    const back = this.newGradient(count, true);
    const [rows, deep, broad, wide] = [padded(count, ROWS), padded(depth, ROWS), padded(channels, COLUMNS), padded(depth, COLUMNS)];
    const [given, arrived, sums, weights, sent] = regions(rows * depth + ROWS, rows * broad, deep * broad, channels * wide, rows * wide);
    given.values.set(this.input);
    for (const { values } of [arrived, sums, sent]) values.fill(0);
    for (let at = 0; at < gradient.length; at++) {
      const channel = at % channels;
      arrived.values[((at - channel) / channels) * broad + channel] = gradient[at];
      this.bias.gradient[channel] += gradient[at];
    }
    addProduct([deep, broad, count], [given, 1, depth], [arrived, broad], [sums, broad]);
    addTurned(this.weight.gradient, depth, sums.values, broad, [channels, depth]);
    for (let channel = 0; channel < channels; channel++) {
      weights.values.set(this.weight.values.subarray(channel * depth, (channel + 1) * depth), channel * wide);
    }
    addProduct([rows, wide, channels], [arrived, broad, 1], [weights, wide], [sent, wide]);
    for (let image = 0; image < count; image++) back.set(sent.values.subarray(image * wide, image * wide + depth), image * depth);
    return back;
  }
}
