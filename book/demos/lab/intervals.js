/* Means over seeds, and how sure they are. */

// Two-sided 95 % quantiles of Student's t for 1, 2, … degrees of freedom.
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12,
  2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045];

/** { mean, half }: a 95 % interval of the mean reaches from mean − half to mean + half; one value has none. */
export function interval(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, half: Infinity };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const quantile = STUDENT[Math.min(values.length - 1, STUDENT.length) - 1];
  return { mean, half: quantile * Math.sqrt(variance / values.length) };
}
