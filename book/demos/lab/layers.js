/* Layers that run forwards and backwards on batches: maps lie image by image, channel by channel, row by row. A layer
 * keeps what it gave last (`output`) and what it sent back last (`gradient`); both are overwritten by the next batch. */
import { addProduct } from "./matrices.js";
import { windowTable } from "./windows.js";

/** What all layers have: room that is kept from batch to batch. */
export class Layer {
  #rooms = new Map();

  constructor(input, output) {
    Object.assign(this, { from: input, to: output, parameters: [] });
  }

  /** An array of zeros, or with `keep` of whatever was left there. */
  room(name, length, keep = false) {
    if (!(this.#rooms.get(name)?.length >= length)) this.#rooms.set(name, new Float64Array(length));
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
  const learnt = (values) => ({ values, gradient: new Float64Array(values.length) });
  return [learnt(Float64Array.from({ length: outputs * inputs }, draw)), learnt(new Float64Array(outputs))];
}

/** A convolution as a product of matrices: the windows' cells are copied into columns first. */
export class Convolution extends Layer {
  constructor(input, { kernel, channels, padding }, border, random) {
    super(input, { channels, size: input.size });
    this.depth = input.channels * kernel * kernel;
    this.windows = windowTable(input.size, { kernel, stride: 1, padding }, border);
    this.kernel = kernel;
    this.parameters = [this.weight, this.bias] = weightsOf(channels, this.depth, random);
    this.sendsBack = true;
  }

  #columns(x, image) {
    const { table, taps } = this.windows;
    const { channels, size } = this.from;
    const [area, positions] = [size * size, this.to.size ** 2];
    const columns = this.room("columns", this.depth * positions, true);
    for (let channel = 0, to = 0; channel < channels; channel++) {
      const start = (image * channels + channel) * area;
      for (let at = 0; at < taps * positions; at++) {
        const cell = table[at];
        columns[to++] = cell < 0 ? 0 : x[start + cell];
      }
    }
    return columns;
  }

  forward(x, count) {
    this.input = x;
    const { channels } = this.to;
    const [out, area] = [this.newOutput(count, true), this.to.size ** 2];
    for (let image = 0; image < count; image++) {
      const start = image * channels * area;
      for (let channel = 0; channel < channels; channel++) {
        out.fill(this.bias.values[channel], start + channel * area, start + (channel + 1) * area);
      }
      addProduct([channels, area, this.depth], [this.weight.values, this.depth, 1], [this.#columns(x, image), 1, area], out, start);
    }
    return out;
  }

  backward(gradient, count) {
    const { channels } = this.to;
    const area = this.to.size ** 2;
    const back = this.sendsBack ? this.newGradient(count) : null;
    for (let image = 0; image < count; image++) {
      const start = image * channels * area;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let at = start + channel * area; at < start + (channel + 1) * area; at++) sum += gradient[at];
        this.bias.gradient[channel] += sum;
      }
      addProduct([channels, this.depth, area], [gradient, area, 1, start], [this.#columns(this.input, image), area, 1],
        this.weight.gradient);
      if (back) this.#scatter(gradient, start, back, image);
    }
    return back;
  }

  #scatter(gradient, start, back, image) {
    const { table, taps } = this.windows;
    const { channels, size } = this.from;
    const [area, positions] = [size * size, this.to.size ** 2];
    const columns = this.room("sent", this.depth * positions);
    addProduct([this.depth, positions, this.to.channels], [this.weight.values, 1, this.depth],
      [gradient, 1, positions, start], columns);
    for (let channel = 0, from = 0; channel < channels; channel++) {
      const to = (image * channels + channel) * area;
      for (let at = 0; at < taps * positions; at++, from++) {
        const cell = table[at];
        if (cell >= 0) back[to + cell] += columns[from];
      }
    }
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
    const [out, { channels }] = [this.newOutput(count, true), this.to];
    for (let image = 0; image < count; image++) out.set(this.bias.values, image * channels);
    addProduct([count, channels, this.depth], [x, this.depth, 1], [this.weight.values, this.depth, 1], out);
    return out;
  }

  backward(gradient, count) {
    const { channels } = this.to;
    for (let at = 0; at < gradient.length; at++) this.bias.gradient[at % channels] += gradient[at];
    addProduct([channels, this.depth, count], [gradient, 1, channels], [this.input, 1, this.depth], this.weight.gradient);
    const back = this.newGradient(count);
    addProduct([count, this.depth, channels], [gradient, channels, 1], [this.weight.values, 1, this.depth], back);
    return back;
  }
}
