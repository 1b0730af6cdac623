/** A line of two texts laid beside each other: in both, only in the first, or only in the second. */
export type DiffLine = { kind: "same" | "removed" | "added"; text: string };

/** Pairs of lines that are compared at most; beyond that the middle counts as replaced. */
const MAX_PAIRS = 1_000_000;

/** What has to be taken from one text and added to it to come to another, in their lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  return [
    ...lines("same", a.slice(0, start)),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...lines("same", a.slice(a.length - end)),
  ];
}

/** Keeps the longest run of lines that both have in the same order. */
function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > MAX_PAIRS) return [...lines("removed", a), ...lines("added", b)];
  const width = b.length + 1;
  // How many lines can be kept from these places on.
  const kept = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => kept[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      kept[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const result: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      result.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      result.push({ kind: "removed", text: a[i] ?? "" });
      i += 1;
    } else {
      result.push({ kind: "added", text: b[j] ?? "" });
      j += 1;
    }
  }
  return [...result, ...lines("removed", a.slice(i)), ...lines("added", b.slice(j))];
}

function lines(kind: DiffLine["kind"], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}
