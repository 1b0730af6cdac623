"use client";

import { useLiveTopic } from "#components/live/use-live-topic.ts";

/** In a storm there is a hint for every second of it; a list that is read anew more often can't be read. */
const FOLD_MS = 2_000;

/** Calls back when dead letters, their cases, or what is done about them may have changed. */
export function useLiveDeadLetters(onChange: () => unknown): void {
  useLiveTopic("dead-letters", onChange, FOLD_MS);
}
