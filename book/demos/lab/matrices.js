/* The one product on which convolutions and dense layers run, forwards and backwards. */

/** One cell of the product: the sum over k of a[i + k·ak] · b[j + k·bk]. */
function cellOfProduct(a, i, ak, b, j, bk, depth) {
  let sum = 0;
  for (let k = 0, at = i, to = j; k < depth; k++, at += ak, to += bk) sum += a[at] * b[to];
  return sum;
}

/** Sixteen cells of the product at once, so that a number read is used four times. */
function addTile(depth, a, i, ai, ak, b, j, bj, bk, c, to, ci) {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [p0, p1, p2, p3] = [i, i + ai, i + 2 * ai, i + 3 * ai];
  let [q0, q1, q2, q3] = [j, j + bj, j + 2 * bj, j + 3 * bj];
  for (let k = 0; k < depth; k++) {
    const b0 = b[q0], b1 = b[q1], b2 = b[q2], b3 = b[q3];
    const a0 = a[p0], a1 = a[p1], a2 = a[p2], a3 = a[p3];
    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
    p0 += ak; p1 += ak; p2 += ak; p3 += ak;
    q0 += bk; q1 += bk; q2 += bk; q3 += bk;
  }
  c[to] += s00; c[to + 1] += s01; c[to + 2] += s02; c[to + 3] += s03;
  c[to + ci] += s10; c[to + ci + 1] += s11; c[to + ci + 2] += s12; c[to + ci + 3] += s13;
  c[to + 2 * ci] += s20; c[to + 2 * ci + 1] += s21; c[to + 2 * ci + 2] += s22; c[to + 2 * ci + 3] += s23;
  c[to + 3 * ci] += s30; c[to + 3 * ci + 1] += s31; c[to + 3 * ci + 2] += s32; c[to + 3 * ci + 3] += s33;
}

/** Add to c, (rows, columns), the product of a, (rows, depth), and b, (depth, columns). Of a and b two steps say how they
 *  lie in memory: from row to row, or from column to column, and along the depth. Row by row, c begins at `start`. */
export function addProduct([rows, columns, depth], [a, ai, ak, aStart = 0], [b, bj, bk, bStart = 0], c, start = 0) {
  const [whole, across] = [rows - (rows % 4), columns - (columns % 4)];
  for (let i = 0; i < whole; i += 4) {
    for (let j = 0; j < across; j += 4) {
      addTile(depth, a, aStart + i * ai, ai, ak, b, bStart + j * bj, bj, bk, c, start + i * columns + j, columns);
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < whole ? across : 0; j < columns; j++) {
      c[start + i * columns + j] += cellOfProduct(a, aStart + i * ai, ak, b, bStart + j * bj, bk, depth);
    }
  }
}
