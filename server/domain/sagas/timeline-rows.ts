type Stretch = { startUs: number; endUs: number };

/**
 * Rows for stretches of time so that none overlap in a row, with as few rows as possible: each takes the row that has
 * been free for longest, or a new one (the interval partitioning of Kleinberg and Tardos, Algorithm Design, 4.1).
 * Sorting takes longest.
 */
export function assignRows(stretches: readonly Stretch[]): { rowOf: number[]; count: number } {
  const indexes = [...stretches.keys()];
  const startOf = (index: number) => stretches[index]?.startUs ?? 0;
  const endOf = (index: number) => stretches[index]?.endUs ?? 0;
  const byStart = indexes.toSorted((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b) || a - b);
  const byEnd = indexes.toSorted((a, b) => endOf(a) - endOf(b) || startOf(a) - startOf(b) || a - b);
  const rowOf = new Array<number>(stretches.length).fill(-1);
  const free: number[] = [];
  let count = 0;
  let freed = 0;
  let reused = 0;
  for (const index of byStart) {
    // One without length ends when it begins: its row is free once it has one.
    for (let done = byEnd[freed]; done !== undefined && endOf(done) <= startOf(index); done = byEnd[freed]) {
      const row = rowOf[done];
      if (row === undefined || row === -1) break;
      free.push(row);
      freed += 1;
    }
    const row = free[reused];
    if (row === undefined) {
      rowOf[index] = count;
      count += 1;
    } else {
      rowOf[index] = row;
      reused += 1;
    }
  }
  return { rowOf, count: Math.max(1, count) };
}
