/** Natural logarithms of factorials from 0 up to `max`. */
export function logFactorials(max: number): Float64Array {
  const logs = new Float64Array(max + 1);
  for (let n = 2; n <= max; n += 1) logs[n] = (logs[n - 1] ?? 0) + Math.log(n);
  return logs;
}

/** Two samples, and how many of each have a property. */
export type TwoByTwo = { holds: number; of: number; holdsElsewhere: number; ofElsewhere: number };

/**
 * Fisher's exact test, one-sided: how likely it is that at least so many of the first sample have the property if it
 * had nothing to do with which sample one is in (R. A. Fisher, "The Design of Experiments", 1935, chapter 2; the
 * upper tail of the hypergeometric distribution). It is exact for any size, where a chi-squared test needs at least five of each.
 *
 * @param logs of factorials up to the size of both samples together
 */
export function fisherExact(
  { holds, of, holdsElsewhere, ofElsewhere }: TwoByTwo,
  logs: Float64Array,
): number {
  const total = of + ofElsewhere;
  const having = holds + holdsElsewhere;
  const all = logChoose(total, having, logs);
  let sum = 0;
  for (let k = holds; k <= Math.min(of, having); k += 1) {
    sum += Math.exp(logChoose(of, k, logs) + logChoose(ofElsewhere, having - k, logs) - all);
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number, logs: Float64Array): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return (logs[n] ?? 0) - (logs[k] ?? 0) - (logs[n - k] ?? 0);
}

/** Standard deviations that hold 95 percent. */
const Z = 1.959964;

/**
 * Between which shares the true one lies, with 95 percent confidence (E. B. Wilson, "Probable Inference, the Law of
 * Succession, and Statistical Inference", JASA 22, 1927). Of a small sample it says little: 3 of 3 are from 0.44 to 1.
 */
export function wilsonBounds(holds: number, of: number): { lower: number; upper: number } {
  if (of === 0) return { lower: 0, upper: 1 };
  const share = holds / of;
  const square = (Z * Z) / of;
  const middle = share + square / 2;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of));
  return {
    lower: Math.max(0, (middle - spread) / (1 + square)),
    upper: Math.min(1, (middle + spread) / (1 + square)),
  };
}
