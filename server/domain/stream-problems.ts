export type StreamProblem =
  /** No event is known of these versions. */
  | { kind: "gap"; from: number; to: number }
  /** Several events have this version. */
  | { kind: "duplicate"; version: number };

/**
 * Where versions are missing or stand twice.
 *
 * @param versions in order, as they follow each other in the stream
 * @param after the version before them; null at the beginning of a stream, which may count from 1 or from 0
 */
export function findStreamProblems(versions: readonly number[], after: number | null): StreamProblem[] {
  const problems: StreamProblem[] = [];
  let last = after ?? 0;
  let isFirst = after === null;
  for (const version of versions) {
    if (version > last + 1) problems.push({ kind: "gap", from: last + 1, to: version - 1 });
    const isRepeat = !isFirst && version === last;
    const previous = problems.at(-1);
    const isKnown = previous?.kind === "duplicate" && previous.version === version;
    if (isRepeat && !isKnown) problems.push({ kind: "duplicate", version });
    last = version;
    isFirst = false;
  }
  return problems;
}
