import { sagaSearchText } from "#components/lib/saga-search.ts";
import { SAGA_SORTS, type SagaFilter, type SagaSort } from "#server/contract/sagas.ts";
import { SAGA_STATES, type SagaState } from "#server/domain/sagas/saga.ts";
import { TRACE_BASES, type TraceBasis } from "#server/domain/sagas/trace.ts";

/** Which sagas are listed, and in which order. The time range stands beside it. */
export type SagaView = {
  state: readonly SagaState[];
  type: readonly string[];
  basis: readonly TraceBasis[];
  /** Key of the step that they wait for. */
  step: string | null;
  /** As it was typed. */
  q: string;
  sort: SagaSort;
};

export const FIRST_VIEW: SagaView = {
  state: [],
  type: [],
  basis: [],
  step: null,
  q: "",
  sort: "attention",
};

const MAX_TYPES = 20;
const MAX_NAME = 4096;
const MAX_TEXT = 200;

/** Reads a view from an address; what can't be used counts as absent. */
export function parseSagaView(params: URLSearchParams): SagaView {
  const some = <Value extends string>(values: readonly Value[], name: string) => {
    const wanted = params.getAll(name);
    return values.filter((value) => wanted.includes(value));
  };
  const isName = (value: string) => value !== "" && value.length <= MAX_NAME;
  const [step = ""] = params.getAll("step");
  const q = params.get("q") ?? "";
  return {
    state: some(SAGA_STATES, "state"),
    type: [...new Set(params.getAll("type").filter(isName))].slice(0, MAX_TYPES),
    basis: some(TRACE_BASES, "basis"),
    step: isName(step) ? step : null,
    q: q.length <= MAX_TEXT ? q : "",
    sort: SAGA_SORTS.find((sort) => sort === params.get("sort")) ?? FIRST_VIEW.sort,
  };
}

/** Writes what a view has beyond the first one, so that its address opens the same for a colleague. */
export function formatSagaView({ state, type, basis, step, q, sort }: SagaView): URLSearchParams {
  const params = new URLSearchParams();
  for (const value of state) params.append("state", value);
  for (const value of type) params.append("type", value);
  for (const value of basis) params.append("basis", value);
  if (step !== null) params.set("step", step);
  if (q !== "") params.set("q", q);
  if (sort !== FIRST_VIEW.sort) params.set("sort", sort);
  return params;
}

/** The filter as the API takes it. */
export function toSagaFilter({ state, type, basis, step, q }: SagaView): SagaFilter {
  const text = sagaSearchText(q);
  return {
    ...(state.length > 0 && { state: [...state] }),
    ...(type.length > 0 && { type: [...type] }),
    ...(basis.length > 0 && { basis: [...basis] }),
    ...(step !== null && { step }),
    ...(text !== "" && { q: text }),
  };
}

/** Whether a view leaves sagas out. */
export function isNarrowed(view: SagaView): boolean {
  return Object.keys(toSagaFilter(view)).length > 0;
}

/** The view with a value put in or taken out of one of its lists. */
export function toggleIn<Value>(values: readonly Value[], value: Value): Value[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}

/** The list with a view of it. */
export function sagasHref(view: Partial<SagaView>): string {
  const params = formatSagaView({ ...FIRST_VIEW, ...view });
  return params.size === 0 ? "/sagas" : `/sagas?${params}`;
}

/** The sagas that wait for a step: those that are stuck there, or the others. */
export function sagasAtStepHref({
  type,
  step,
  isStuck,
}: {
  type: string;
  step: string;
  isStuck: boolean;
}): string {
  return sagasHref({
    type: [type],
    step,
    state: isStuck ? ["stuck"] : ["running", "waiting", "compensating"],
  });
}
