import type { LetterFilter } from "#server/contract/dead-letters.ts";
import { DEAD_LETTER_STATUSES, type DeadLetterStatus } from "#server/domain/dead-letter.ts";

/** Every field of the filter, by its name in addresses and in the API. Those of a list may come several times. */
const LIST_FIELDS = ["consumer", "type", "source"] as const;
const TEXT_FIELDS = ["key", "eventid", "correlationid", "error", "q"] as const;
const MOMENT_FIELDS = ["from", "to"] as const;

type ListField = (typeof LIST_FIELDS)[number];
type TextField = (typeof TEXT_FIELDS)[number];

const MAX_VALUES = 50;
const MAX_CASES = 100;
const MAX_NAME = 1024;
const MAX_TEXT = 200;
const MAX_LENGTH: Record<ListField | TextField, number> = {
  consumer: MAX_NAME,
  type: MAX_NAME,
  source: MAX_NAME,
  key: MAX_NAME,
  eventid: MAX_NAME,
  correlationid: MAX_NAME,
  error: MAX_TEXT,
  q: MAX_TEXT,
};

/** Reads a filter of dead letters from an address; what the API would not take counts as absent. */
export function parseLetterFilter(params: URLSearchParams): LetterFilter {
  const filter: LetterFilter = {};
  const status = DEAD_LETTER_STATUSES.filter((each) => params.getAll("status").includes(each));
  if (status.length > 0) filter.status = [...status];
  const cases = unique(params.getAll("case").flatMap(readCaseNumber)).slice(0, MAX_CASES);
  if (cases.length > 0) filter.case = cases;
  for (const field of LIST_FIELDS) {
    const values = unique(params.getAll(field).filter((value) => fits(field, value))).slice(0, MAX_VALUES);
    if (values.length > 0) filter[field] = values;
  }
  for (const field of TEXT_FIELDS) {
    const value = params.getAll(field).findLast((each) => fits(field, each));
    if (value !== undefined) filter[field] = value;
  }
  for (const field of MOMENT_FIELDS) {
    const ms = Date.parse(params.get(field) ?? "");
    if (!Number.isNaN(ms)) filter[field] = new Date(ms).toISOString();
  }
  return filter;
}

/** Writes a filter for an address. Reading it gives the same filter. */
export function formatLetterFilter(filter: LetterFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const status of filter.status ?? []) params.append("status", status);
  for (const each of filter.case ?? []) params.append("case", String(each));
  for (const field of LIST_FIELDS) for (const value of filter[field] ?? []) params.append(field, value);
  for (const field of [...TEXT_FIELDS, ...MOMENT_FIELDS]) {
    const value = filter[field];
    if (value !== undefined) params.set(field, value);
  }
  return params;
}

/** The filter with other statuses; an empty list is any status. */
export function withStatus(filter: LetterFilter, status: readonly DeadLetterStatus[]): LetterFilter {
  const { status: _, ...rest } = filter;
  return status.length === 0 ? rest : { ...rest, status: [...status] };
}

/** A number of a case as it is typed; nothing for what is none. */
export function readCaseNumber(text: string): number[] {
  const number = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
  return number === null ? [] : [number];
}

function fits(field: ListField | TextField, value: string): boolean {
  return value !== "" && value.length <= MAX_LENGTH[field];
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
