/* Dropout, and what to expect of it. */

/** A seeded generator of numbers in [0, 1): a 32-bit linear congruential step, scrambled. */
export function generator(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b) >>> 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b) >>> 0;
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** What is kept: a mask per channel, the same for all its cells with `whole`. */
export function drawMask(shape, p, whole, random) {
  const [channels, rows, columns] = shape;
  return Array.from({ length: channels }, () => {
    const kept = random() >= p;
    return Array.from({ length: rows }, () => Array.from({ length: columns }, () => (whole ? kept : random() >= p)));
  });
}

/** One channel with its dropped cells zero and the rest scaled up (inverted dropout). */
export function drop(channel, mask, p) {
  return channel.map((row, r) => row.map((value, c) => (mask[r][c] ? value / (1 - p) : 0)));
}

/** The exact expectation of max(dropout(values)), values not negative: sorted downwards, the i-th times p^i. */
export function expectedMax(values, p) {
  return [...values].sort((a, b) => b - a).reduce((total, value, i) => total + value * p ** i, 0);
}

/** How often each of `count` equal bins from 0 to `top` was hit; the last bin includes the top. */
export function histogram(values, top, count) {
  const bars = Array(count).fill(0);
  for (const value of values) bars[Math.min(count - 1, Math.floor((value / top) * count))] += 1;
  return bars;
}
