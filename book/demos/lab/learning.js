/* What is asked of a network, and how it learns from the answer. */

/** Mean cross-entropy of a batch, the classes answered, and the gradient of the mean. */
export function crossEntropy(logits, labels) {
  const count = labels.length;
  const classes = logits.length / count;
  const gradient = new Float32Array(logits.length);
  const answers = [];
  let loss = 0;
  for (let image = 0; image < count; image++) {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    const top = strongest(row);
    let total = 0;
    for (const value of row) total += Math.exp(value - row[top]);
    for (let k = 0; k < classes; k++) {
      gradient[image * classes + k] = (Math.exp(row[k] - row[top]) / total - (k === labels[image] ? 1 : 0)) / count;
    }
    loss += (Math.log(total) + row[top] - row[labels[image]]) / count;
    answers.push(top);
  }
  return { loss, answers, gradient };
}

/** Where the largest of some numbers is. */
export function strongest(values) {
  let top = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[top]) top = k;
  return top;
}

/** Adam with PyTorch's defaults (Kingma and Ba, 2015). */
export class Adam {
  constructor(parameters) {
    this.steps = 0;
    this.states = parameters.map((one) => ({ ...one, mean: one.values.map(() => 0), square: one.values.map(() => 0) }));
  }

  /** Move the parameters by their gradients, and forget these. */
  step(rate) {
    this.steps += 1;
    const [fade, fadeSquare] = [0.9, 0.999];
    const [correct, correctSquare] = [1 - fade ** this.steps, 1 - fadeSquare ** this.steps];
    for (const { values, gradient, mean, square } of this.states) {
      for (let at = 0; at < values.length; at++) {
        const slope = gradient[at];
        mean[at] = fade * mean[at] + (1 - fade) * slope;
        square[at] = fadeSquare * square[at] + (1 - fadeSquare) * slope * slope;
        values[at] -= (rate / correct) * mean[at] / (Math.sqrt(square[at] / correctSquare) + 1e-8);
      }
      gradient.fill(0);
    }
  }
}
