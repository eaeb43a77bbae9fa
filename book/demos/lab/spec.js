/* What a network is made of, before it is built: { blocks: [{ filters, kernel, padding, pool, window, stride, dropout,
 * place, p }], head }. What that costs and sees, and why it cannot be, is told from here. */
import { headWidth, measure } from "../shared/receptive.js";

export const SIDE = 16; // of every image
export const MOST_STEPS = 2000; // of training

export const POOLS = {
  none: "none", max: "max", average: "average", l2: "L2", stride: "stride", blur: "blur", maxblur: "max-blur",
};
export const BORDERS = { zero: "zeros", reflect: "reflected", wrap: "wrapped" };
export const DROPOUTS = { none: "none", element: "cells", channel: "channels" };
export const HEADS = { flatten: "flatten", average: "global average", max: "global max" };

/** The layers with windows into which a block's pool falls, as receptive.js describes them. */
export function poolLayers({ pool, window, stride }) {
  const reduce = (kernel, step, padding, after = padding) => ({ kind: "pool", kernel, stride: step, padding, after });
  switch (pool) {
    case "none": return [];
    case "stride": return [reduce(1, stride, 0)];
    case "blur": return [reduce(window, stride, (window - 1) / 2)];
    case "maxblur": return [reduce(window, 1, 0, window - 1), reduce(3, stride, 1)];
    default: return [reduce(window, stride, 0)];
  }
}

export function convolutionLayer({ filters, kernel }) {
  return { kind: "conv", kernel, stride: 1, padding: (kernel - 1) / 2, channels: filters };
}

/** Why one layer cannot stand on a map of this size, or null. */
function misfit(layer, size, border) {
  const beyond = Math.max(layer.padding, layer.after ?? layer.padding);
  if (layer.kernel > size + 2 * beyond) return `a window of ${layer.kernel} does not fit into a map of ${size} × ${size}.`;
  const most = { zero: Infinity, reflect: size - 1, wrap: size }[border];
  if (beyond <= most) return null;
  return `a border ${BORDERS[border]} by ${beyond} needs a map of at least ${border === "wrap" ? beyond : beyond + 1} cells, `
    + `but ${size} × ${size} reach it.`;
}

/** Says in words why a network cannot be, or returns null. */
export function specProblem({ blocks }) {
  let size = SIDE;
  for (const [index, block] of blocks.entries()) {
    if (block.pool === "blur" && block.window % 2 === 0) {
      return `Block ${index + 1}: a blur needs a window with a middle, so an odd one; ${block.window} is even.`;
    }
    for (const layer of [convolutionLayer(block), ...poolLayers(block)]) {
      const why = misfit(layer, size, block.padding);
      if (why) return `Block ${index + 1}: ${why}`;
      size = measure({ size, channels: 1 }, [layer])[1].size;
    }
  }
  return null;
}

/** What there is after the image, each block and the head: { name, size, channels, field, parameters, macs }. */
export function stages(spec, classes) {
  const layers = spec.blocks.map((block) => [convolutionLayer(block), ...poolLayers(block)]);
  const states = measure({ size: SIDE, channels: 1 }, layers.flat());
  let at = 0;
  const ofBlocks = layers.map((own, index) => {
    const [conv, last] = [states[at + 1], states[(at += own.length)]];
    return { ...last, name: `block ${index + 1}`, parameters: conv.parameters, macs: conv.macs, before: conv.size };
  });
  const width = headWidth(spec.head, states.at(-1).channels, states.at(-1).size);
  const head = { name: "head", size: 1, channels: classes, width, field: spec.head === "flatten" ? null : SIDE,
    parameters: width * classes + classes, macs: width * classes };
  return [{ ...states[0], name: "image" }, ...ofBlocks, head];
}

/** Numbers that a network learns. */
export function parametersOf(spec, classes) {
  return stages(spec, classes).reduce((sum, { parameters }) => sum + parameters, 0);
}
