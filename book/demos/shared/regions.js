/* Pooling over regions into a fixed number of bins. A box is [top, left, bottom, right], its end excluded. */

/** The [start, end) of each of `count` bins over `length` cells: floor(i n / m) up to ceil((i + 1) n / m). */
export function bins(length, count) {
  return Array.from({ length: count }, (_, i) =>
    [Math.floor((i * length) / count), Math.ceil(((i + 1) * length) / count)]);
}

/** The bins of a box in cells of the map, row by row: { top, left, bottom, right }. */
export function binAreas([top, left, bottom, right], [rows, columns]) {
  return bins(bottom - top, rows).map(([y0, y1]) => bins(right - left, columns).map(([x0, x1]) =>
    ({ top: top + y0, bottom: top + y1, left: left + x0, right: left + x1 })));
}

/** The cells of an area, row by row. */
export function within(map, { top, left, bottom, right }) {
  return map.slice(top, bottom).flatMap((row) => row.slice(left, right));
}

/** Maximum or average of each bin. */
export function roiPool(map, box, shape, operation) {
  const reduce = operation === "max" ? (values) => Math.max(...values)
    : (values) => values.reduce((total, value) => total + value, 0) / values.length;
  return binAreas(box, shape).map((line) => line.map((area) => reduce(within(map, area))));
}
