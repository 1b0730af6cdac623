import type { LetterKey, LetterSelection } from "#server/contract/dead-letters.ts";
import { formatLetterFilter, parseLetterFilter } from "./letter-filter.ts";

/**
 * A selection of dead letters in an address, so that it can be planned on another page and sent to a colleague:
 *
 * - `letters=POSITION.POSITION*CONSUMER`, once for each consumer, for letters that were ticked;
 * - `case=ID&upTo=NUMBER` for a failure case;
 * - `filter=QUERY&upTo=NUMBER` for everything that a filter takes, the filter written as the list has it.
 *
 * The signs are those that addresses carry without escaping; names of consumers have no asterisk.
 */
const LETTERS = /^(\d{1,18}(?:\.\d{1,18})*)\*([a-zA-Z0-9][a-zA-Z0-9._-]{0,127})$/;
const NUMBER = /^\d{1,18}$/;
const CASE = /^[1-9]\d{0,14}$/;

/** More make addresses longer than servers and proxies take. */
export const MAX_LINKED_LETTERS = 300;

export function formatLetterSelection(selection: LetterSelection): URLSearchParams {
  const params = new URLSearchParams();
  switch (selection.kind) {
    case "letters":
      for (const [consumer, positions] of byConsumer(selection.letters)) {
        params.append("letters", `${positions.join(".")}*${consumer}`);
      }
      return params;
    case "case":
      params.set("case", String(selection.case));
      break;
    case "filter":
      params.set("filter", formatLetterFilter(selection.filter).toString());
  }
  if (selection.upTo !== undefined) params.set("upTo", selection.upTo);
  return params;
}

/** Reads a selection; null where the address names none, or one that can't be read in full. */
export function parseLetterSelection(params: URLSearchParams): LetterSelection | null {
  const groups = params.getAll("letters");
  if (groups.length > 0) return parseLetters(groups);
  const upTo = params.get("upTo");
  // A cut-off that can't be read must not become a selection without one.
  if (upTo !== null && !NUMBER.test(upTo)) return null;
  const cut = upTo === null ? {} : { upTo };
  const id = params.get("case");
  if (id !== null) return CASE.test(id) ? { kind: "case", case: Number(id), ...cut } : null;
  const filter = params.get("filter");
  if (filter === null) return null;
  const wanted = new URLSearchParams(filter);
  const read = parseLetterFilter(wanted);
  // Neither must a condition that can't be read: without it, the filter would take more.
  return formatLetterFilter(read).size === wanted.size ? { kind: "filter", filter: read, ...cut } : null;
}

/** The parameters of an address as pages and hooks have them. */
export function toSearchParams(
  record: Readonly<Record<string, string | readonly string[] | null | undefined>>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(record)) {
    for (const value of [values ?? []].flat()) params.append(name, value);
  }
  return params;
}

function parseLetters(groups: readonly string[]): LetterSelection | null {
  const letters: LetterKey[] = [];
  for (const group of groups) {
    const [, positions, consumer] = LETTERS.exec(group) ?? [];
    if (positions === undefined || consumer === undefined) return null;
    for (const position of positions.split(".")) letters.push({ position, consumer });
  }
  return letters.length > MAX_LINKED_LETTERS ? null : { kind: "letters", letters };
}

function byConsumer(letters: readonly LetterKey[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { position, consumer } of letters) {
    const positions = groups.get(consumer) ?? [];
    positions.push(position);
    groups.set(consumer, positions);
  }
  return groups;
}
