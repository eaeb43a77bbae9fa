/* What a stack of layers sees and costs. A layer is { kind: "conv" | "pool", kernel, stride, padding, channels }, with
 * `after` where the padding at the end is not that at the start; maps are square. Sizes and jumps follow Araujo, Norris
 * and Sim, "Computing receptive fields" (Distill, 2019). */

/** What holds after each layer, the input first: { size, channels, field, jump, parameters, macs }. */
export function measure(input, layers) {
  const states = [{ size: input.size, channels: input.channels, field: 1, jump: 1, parameters: 0, macs: 0 }];
  for (const layer of layers) {
    const before = states.at(-1);
    const padded = before.size + layer.padding + (layer.after ?? layer.padding);
    const size = Math.floor((padded - layer.kernel) / layer.stride) + 1;
    const conv = layer.kind === "conv";
    const channels = conv ? layer.channels : before.channels;
    const weights = conv ? channels * before.channels * layer.kernel ** 2 : 0;
    states.push({
      size, channels, field: before.field + (layer.kernel - 1) * before.jump, jump: before.jump * layer.stride,
      parameters: weights + (conv ? channels : 0), macs: weights * size ** 2,
    });
  }
  return states;
}

/** How many numbers a head hands to the classifier. */
export function headWidth(head, channels, size) {
  return head === "flatten" ? channels * size * size : channels;
}

/** Says in words which layer cannot be, or returns null. */
export function stackProblem(input, layers) {
  const states = measure(input, layers);
  for (const [i, layer] of layers.entries()) {
    if (layer.kernel > states[i].size + 2 * layer.padding) {
      return `Layer ${i + 1} has a kernel of ${layer.kernel}, but what reaches it is only ${states[i].size}`
        + `${layer.padding ? ` (${states[i].size + 2 * layer.padding} with padding)` : ""} wide.`;
    }
    if (layer.kind === "pool" && 2 * layer.padding > layer.kernel) {
      return `Layer ${i + 1} pools with padding ${layer.padding}, more than half of its kernel ${layer.kernel}.`;
    }
  }
  return null;
}

/** Which cells of each map, the input first, one output cell depends on along one axis: [first, last] each. */
export function trace(input, layers, position) {
  const states = measure(input, layers);
  let span = [position, position];
  const spans = [span];
  for (let i = layers.length - 1; i >= 0; i--) {
    const { kernel, stride, padding } = layers[i];
    span = [Math.max(0, span[0] * stride - padding),
      Math.min(states[i].size - 1, span[1] * stride - padding + kernel - 1)];
    spans.unshift(span);
  }
  return spans;
}
