import type { ListedPage } from "#components/event-detail/event-queries.ts";

/** A round that stopped at its budget with fewer rows than this has found next to nothing. */
const MEAGRE_ROWS = 10;
/** Rounds in a row with next to nothing after which a person is asked whether to go on. */
export const ROUNDS_AT_ONCE = 5;

export type ListProgress = {
  /** How far back the list was searched; null for the beginning of everything. */
  searchedFrom: string | null;
  /** True when the whole window was searched. */
  isComplete: boolean;
  /** Rounds at the end that stopped at their budget with next to nothing. */
  meagreRounds: number;
};

/** How far a list has come, by its pages. */
export function readProgress(pages: readonly ListedPage[]): ListProgress {
  const last = pages.at(-1);
  const lastGood = pages.findLastIndex(
    ({ searched, events }) => searched.complete || events.length >= MEAGRE_ROWS,
  );
  return {
    searchedFrom: last?.searched.from ?? null,
    isComplete: last !== undefined && last.nextBefore === null,
    meagreRounds: pages.length - 1 - lastGood,
  };
}
