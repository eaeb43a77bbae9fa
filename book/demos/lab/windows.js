/* Which cells of a square map lie in which window: all layers that look through windows read it from one table. */

/** Where a cell beyond the border is taken from: -1 for a zero. */
function resolve(at, size, border) {
  if (at >= 0 && at < size) return at;
  if (border === "wrap") return ((at % size) + size) % size;
  if (border === "reflect") return at < 0 ? -at : 2 * size - 2 - at;
  return -1;
}

/** { table, taps, size }: cell `table[tap * size² + position]` of the map is in the window of that output position. */
export function windowTable(from, { kernel, stride, padding, after = padding }, border) {
  const size = Math.floor((from + padding + after - kernel) / stride) + 1;
  const [taps, positions] = [kernel * kernel, size * size];
  const table = new Int32Array(taps * positions);
  for (let tap = 0; tap < taps; tap++) {
    for (let position = 0; position < positions; position++) {
      const y = resolve(Math.floor(position / size) * stride - padding + Math.floor(tap / kernel), from, border);
      const x = resolve((position % size) * stride - padding + (tap % kernel), from, border);
      table[tap * positions + position] = y < 0 || x < 0 ? -1 : y * from + x;
    }
  }
  return { table, taps, size };
}
