/* From the description of a network to its layers. */
import { Convolution, Dense, Dropout, Rectifier } from "./layers.js";
import { Maximum, Norm, Weighted } from "./pools.js";
import { SIDE, convolutionLayer, poolLayers } from "./spec.js";

/** The weights of a square binomial filter: Pascal's row times itself, adding up to 1. */
function binomial(taps) {
  let row = [1];
  while (row.length < taps) row = [...row, 0].map((value, i) => (value + (row[i - 1] ?? 0)) / 2);
  return row.flatMap((a) => row.map((b) => a * b));
}

const uniform = (taps) => Array(taps).fill(1 / taps);

/** A layer for each of the windows into which a pool falls. */
function pooling(input, block) {
  let from = input;
  return poolLayers(block).map((layer, index) => {
    const make = { max: Maximum, l2: Norm, maxblur: index ? Weighted : Maximum }[block.pool] ?? Weighted;
    const weights = ["blur", "maxblur"].includes(block.pool) ? binomial(layer.kernel) : uniform(layer.kernel ** 2);
    const made = new make(from, layer, block.padding, weights);
    from = made.to;
    return made;
  });
}

/** A global pool is one window over the whole map; flattening needs no layer, for the numbers lie in a row already. */
function heads(head, input) {
  const whole = { kernel: input.size, stride: 1, padding: 0 };
  if (head === "average") return [new Weighted(input, whole, "zero", uniform(input.size ** 2))];
  return head === "max" ? [new Maximum(input, whole, "zero")] : [];
}

export class Network {
  /** `random` draws the weights, `chance` what dropout drops. */
  constructor(spec, classes, random, chance) {
    this.layers = [];
    let from = { channels: 1, size: SIDE };
    const add = (layer) => {
      this.layers.push(layer);
      from = layer.to;
      return layer;
    };
    this.blocks = spec.blocks.map((block) => {
      const drop = (place) => {
        if (block.dropout !== "none" && block.place === place) add(new Dropout(from, block.p, block.dropout === "channel", chance));
      };
      const convolution = add(new Convolution(from, convolutionLayer(block), block.padding, random));
      const rectifier = add(new Rectifier(from));
      drop("before");
      const pools = pooling(from, block).map(add);
      drop("after");
      return { convolution, rectifier, pools };
    });
    heads(spec.head, from).forEach(add);
    this.dense = add(new Dense(from, classes, random));
    this.layers[0].sendsBack = false; // nobody learns from the image's gradient
    this.parameters = this.layers.flatMap((layer) => layer.parameters);
  }

  /** Logits, image by image. */
  forward(x, count, training = false) {
    return this.layers.reduce((values, layer) => layer.forward(values, count, training), x);
  }

  /** Add to the parameters' gradients what a gradient of the logits makes of them. */
  backward(gradient, count) {
    this.layers.reduceRight((values, layer) => layer.backward(values, count), gradient);
  }
}
