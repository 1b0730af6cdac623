import {
  CASE_SORTS,
  CASE_WINDOWS,
  type CaseFilter,
  type CaseWindow,
} from "#server/contract/failure-cases.ts";
import { CASE_STATUSES } from "#server/domain/failures/failure-case.ts";

/** What is looked at: open cases unless something else is said. */
export const CASE_STANDINGS = [
  "open",
  ...CASE_STATUSES.filter((status) => status !== "open"),
  "all",
] as const;
export type CaseStanding = (typeof CASE_STANDINGS)[number];
export type CaseSort = (typeof CASE_SORTS)[number];

export const DEFAULT_WINDOW: CaseWindow = "24h";
export const DEFAULT_SORT: CaseSort = "harm";

/** Which cases are listed, in which order, with the deaths of which time. */
export type CaseView = {
  standing: CaseStanding;
  consumer: readonly string[];
  type: readonly string[];
  owner: string | null;
  q: string | null;
  window: CaseWindow;
  sort: CaseSort;
};

export const FIRST_VIEW: CaseView = {
  standing: "open",
  consumer: [],
  type: [],
  owner: null,
  q: null,
  window: DEFAULT_WINDOW,
  sort: DEFAULT_SORT,
};

const MAX_TEXT = 200;

/** Reads a view from an address; what can't be used counts as absent. */
export function parseCaseView(params: URLSearchParams): CaseView {
  const text = (name: string) => {
    const value = params.get(name) ?? "";
    return value === "" || value.length > MAX_TEXT ? null : value;
  };
  return {
    standing: oneOf(CASE_STANDINGS, params.get("status")) ?? FIRST_VIEW.standing,
    consumer: valuesOf(params, "consumer", 200),
    type: valuesOf(params, "type", 1024),
    owner: text("owner"),
    q: text("q"),
    window: oneOf(CASE_WINDOWS, params.get("window")) ?? FIRST_VIEW.window,
    sort: oneOf(CASE_SORTS, params.get("sort")) ?? FIRST_VIEW.sort,
  };
}

/** Writes what a view has beyond the first one, so that its address opens the same for a colleague. */
export function formatCaseView(view: CaseView): URLSearchParams {
  const params = new URLSearchParams();
  if (view.standing !== FIRST_VIEW.standing) params.set("status", view.standing);
  for (const value of view.consumer) params.append("consumer", value);
  for (const value of view.type) params.append("type", value);
  if (view.owner !== null) params.set("owner", view.owner);
  if (view.q !== null) params.set("q", view.q);
  if (view.window !== FIRST_VIEW.window) params.set("window", view.window);
  if (view.sort !== FIRST_VIEW.sort) params.set("sort", view.sort);
  return params;
}

/** The filter as the API takes it. */
export function toCaseFilter({ standing, consumer, type, owner, q }: CaseView): CaseFilter {
  return {
    // Without a status the API gives open ones, with those whose mute has ended.
    ...(standing !== "open" && { status: [standing] }),
    ...(consumer.length > 0 && { consumer: [...consumer] }),
    ...(type.length > 0 && { type: [...type] }),
    ...(owner !== null && { owner }),
    ...(q !== null && { q }),
  };
}

/** Whether a view leaves cases out by something else than where they stand. */
export function isNarrowed({ consumer, type, owner, q }: CaseView): boolean {
  return consumer.length > 0 || type.length > 0 || owner !== null || q !== null;
}

function oneOf<Value extends string>(values: readonly Value[], wanted: string | null): Value | undefined {
  return values.find((each) => each === wanted);
}

function valuesOf(params: URLSearchParams, name: string, maxLength: number): string[] {
  const values = params.getAll(name).filter((value) => value !== "" && value.length <= maxLength);
  return [...new Set(values)].slice(0, 50);
}
