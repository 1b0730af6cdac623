"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { REPLAY_RETRIES, REPLAY_TARGETS } from "#server/contract/replays.ts";
import { EDIT_KINDS } from "./edit-draft.ts";
import { DRAFT_DEFAULTS } from "./replay-draft.ts";

/** Names in the address. What is as it always begins is left out of it. */
const PARAMS = {
  to: parseAsStringLiteral(REPLAY_TARGETS).withDefault(DRAFT_DEFAULTS.to),
  retries: parseAsStringLiteral(REPLAY_RETRIES).withDefault(DRAFT_DEFAULTS.retries),
  /** Absent until it is known how many there are. */
  canary: parseAsString,
  rate: parseAsString.withDefault(DRAFT_DEFAULTS.rate),
  concurrency: parseAsString.withDefault(DRAFT_DEFAULTS.concurrency),
  stop: parseAsString.withDefault(DRAFT_DEFAULTS.stop),
  stopFrom: parseAsString.withDefault(DRAFT_DEFAULTS.stopFrom),
  wait: parseAsString.withDefault(DRAFT_DEFAULTS.wait),
  edit: parseAsStringLiteral(EDIT_KINDS).withDefault("none"),
  upTo: parseAsString,
};

/** The options of a replay that is planned, with its cut-off, as the address has them. */
export function useReplayDraft() {
  const [{ edit, upTo, ...draft }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  return { draft, editKind: edit, upTo, change: setParams };
}
