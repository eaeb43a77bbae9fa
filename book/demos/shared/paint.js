/* Maps as pictures: a pixel for each cell, ink on the page's own background. */

const INK = [92, 106, 208]; // stands out on light paper and on dark
const NEGATIVE_INK = [201, 104, 32];

/** Paint values from -1 to 1 into a canvas, pixel by pixel: the larger the magnitude, the more ink. */
export function paint(canvas, values) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < values.length; i++) {
    const ink = values[i] < 0 ? NEGATIVE_INK : INK;
    for (let k = 0; k < 3; k++) picture.data[4 * i + k] = ink[k];
    picture.data[4 * i + 3] = 255 * Math.abs(values[i]);
  }
  context.putImageData(picture, 0, 0);
}
