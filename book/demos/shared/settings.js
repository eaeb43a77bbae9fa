/* Settings that the pooling demos have in common: their controls, and the output size in full. */
import { outputSize } from "./pool.js";
import { make, pairStepper, remembered, toggle } from "./ui.js";

const POOL_TRAITS = ["operation", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "norm_type"];

/** A function that returns the settings of pool.js from a model's traits: the same object until one changes. */
export function settingsReader(model) {
  const read = remembered((operation, kernel, stride, padding, ceilMode = false, countIncludePad = true, normType = 2) =>
    ({ operation, kernel, stride, padding, ceilMode, countIncludePad, normType }));
  return () => read(...POOL_TRAITS.map((name) => model.get(name)));
}

const POOLING = { kernel_size: { min: 1, max: 9 }, stride: { min: 1, max: 9 }, padding: { min: 0, max: 4 } };

/** Pairs of numbers (kernel, stride, padding by default), square until asked otherwise. */
export function geometryControls(model, apply, limits = POOLING) {
  const pairs = Object.entries(limits).map(([name, range]) => {
    const control = pairStepper(name.replace("_size", ""), range, (value) => apply({ [name]: value }));
    return [name, control];
  });
  let square = true;
  const rectangular = toggle("rectangles", (value) => {
    square = !value;
    const evened = pairs.map(([name]) => [name, [model.get(name)[0], model.get(name)[0]]]);
    apply(square ? Object.fromEntries(evened) : {});
  });
  const show = () => {
    if (pairs.some(([name]) => model.get(name)[0] !== model.get(name)[1])) square = false;
    for (const [name, control] of pairs) control.show(model.get(name), square);
    rectangular.show(!square);
  };
  const reset = () => { square = true; };
  return { nodes: pairs.map(([, control]) => control.node), rectangular: rectangular.node, show, reset };
}

function axisFormula(n, kernel, stride, padding, ceilMode, dilation) {
  const extent = dilation * (kernel - 1) + 1;
  const { reach, steps, dropped, size } = outputSize(n, extent, stride, padding, ceilMode);
  const span = dilation === 1 ? kernel : `(${dilation}·(${kernel} − 1) + 1)`;
  const [open, close] = ceilMode ? "⌈⌉" : "⌊⌋";
  const sum = `${open}(${n} + 2·${padding} − ${span}) / ${stride}${close} + 1 = `;
  const whole = `${open}${reach} / ${stride}${close} + 1 = ${steps + 1}`;
  return `${sum}${whole}${dropped ? `, less 1 (it would start in the padding) = ${size}` : ""}`;
}

/** The output size formula, filled in, for both axes. */
export function sizeFormula(image, { kernel, stride, padding, ceilMode = false, dilation = [1, 1] }) {
  const axes = [image.length, image[0].length].map((n, i) =>
    axisFormula(n, kernel[i], stride[i], padding[i], ceilMode, dilation[i]));
  const line = (name, text) => make("div", {}, make("span", { class: "lm-label" }, name), make("code", {}, text));
  return axes[0] === axes[1] ? [line("Output size", axes[0])] : [line("Height", axes[0]), line("Width", axes[1])];
}
