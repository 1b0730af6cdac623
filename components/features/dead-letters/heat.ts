/** How full a cell of the matrix is, from 0 to 1: by magnitude, so that one storm doesn't hide everything else. */
export function heatOf(count: number, most: number): number {
  if (count <= 0) return 0;
  return LEAST + (1 - LEAST) * (Math.log1p(count) / Math.log1p(Math.max(count, most)));
}

/** A single death must be seen. */
const LEAST = 0.2;

/** The fullest bucket, and how many there were in all. */
export function summarize(series: readonly number[]): { total: number; most: number; mostAt: number } {
  const most = Math.max(0, ...series);
  return { total: series.reduce((sum, count) => sum + count, 0), most, mostAt: series.indexOf(most) };
}

type Buckets = { from: string; step: number };

/** When a bucket begins, in milliseconds. */
export function bucketStart({ from, step }: Buckets, index: number): number {
  return Date.parse(from) + index * step * 1000;
}
