/* Layers that make one number of each window of each channel. */
import { Layer } from "./layers.js";
import { windowTable } from "./windows.js";

/** What they share: their windows, and a walk over the windows of a batch. */
class Pool extends Layer {
  constructor(input, settings, border) {
    const windows = windowTable(input.size, settings, border);
    super(input, { channels: input.channels, size: windows.size });
    Object.assign(this, windows);
  }

  /** Run `one(output cell, position, start of the channel in the input)` for each window of a batch. */
  walk(count, one) {
    const [area, positions] = [this.from.size ** 2, this.to.size ** 2];
    for (let map = 0, at = 0; map < count * this.from.channels; map++) {
      for (let position = 0; position < positions; position++, at++) one(at, position, map * area);
    }
  }
}

/** The largest cell; of equal ones the first, as in PyTorch, which gets the whole gradient. */
export class Maximum extends Pool {
  forward(x, count) {
    const { table, taps } = this;
    const [out, positions] = [this.newOutput(count, true), this.to.size ** 2];
    const winners = (this.winners = this.room("winners", out.length, true));
    this.walk(count, (at, position, start) => {
      let [most, winner] = [-Infinity, -1];
      for (let tap = position; tap < taps * positions; tap += positions) {
        const cell = table[tap];
        const value = cell < 0 ? 0 : x[start + cell];
        if (value > most) {
          most = value;
          winner = cell < 0 ? -1 : start + cell;
        }
      }
      out[at] = most;
      winners[at] = winner;
    });
    return out;
  }

  backward(gradient, count) {
    const { winners } = this;
    const back = this.newGradient(count);
    for (let at = 0; at < gradient.length; at++) if (winners[at] >= 0) back[winners[at]] += gradient[at];
    return back;
  }
}

/** A weighted sum: an average, a blur, or with a single cell a stride. */
export class Weighted extends Pool {
  constructor(input, settings, border, weights) {
    super(input, settings, border);
    this.weights = weights;
  }

  forward(x, count) {
    const { table, taps, weights } = this;
    const [out, positions] = [this.newOutput(count, true), this.to.size ** 2];
    this.walk(count, (at, position, start) => {
      let sum = 0;
      for (let tap = 0, place = position; tap < taps; tap++, place += positions) {
        const cell = table[place];
        if (cell >= 0) sum += weights[tap] * x[start + cell];
      }
      out[at] = sum;
    });
    return out;
  }

  backward(gradient, count) {
    const { table, taps, weights } = this;
    const [back, positions] = [this.newGradient(count), this.to.size ** 2];
    this.walk(count, (at, position, start) => {
      for (let tap = 0, place = position; tap < taps; tap++, place += positions) {
        const cell = table[place];
        if (cell >= 0) back[start + cell] += weights[tap] * gradient[at];
      }
    });
    return back;
  }
}

/** The root of the sum of squares. A window of zeros has no slope; it gets none, where PyTorch's lp_pool2d gives NaN. */
export class Norm extends Pool {
  forward(x, count) {
    const { table, taps } = this;
    const [out, positions] = [this.newOutput(count, true), this.to.size ** 2];
    this.input = x;
    this.walk(count, (at, position, start) => {
      let sum = 0;
      for (let tap = position; tap < taps * positions; tap += positions) sum += x[start + table[tap]] ** 2;
      out[at] = Math.sqrt(sum);
    });
    return out;
  }

  backward(gradient, count) {
    const { table, taps, input, output } = this;
    const [back, positions] = [this.newGradient(count), this.to.size ** 2];
    this.walk(count, (at, position, start) => {
      if (output[at] === 0) return;
      const share = gradient[at] / output[at];
      for (let tap = position; tap < taps * positions; tap += positions) back[start + table[tap]] += share * input[start + table[tap]];
    });
    return back;
  }
}
