import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { type SagaDto, sagaPageSchema, type TraceReference } from "#server/contract/sagas.ts";
import type { SagaState } from "#server/domain/sagas/saga.ts";

const MOST_CANDIDATES = 12;

/** Sagas that one could be compared with: of a type, in a state, and by what is typed of their key; newest first. */
export const candidateQueries = {
  list: ({ type, state, text }: { type: string | null; state: SagaState | null; text: string }) =>
    queryOptions({
      queryKey: ["sagas", "candidates", type, state, text],
      queryFn: ({ signal }) =>
        getJson("/sagas", sagaPageSchema, {
          query: { type, state, q: text, sort: "newest", limit: MOST_CANDIDATES },
          signal,
        }),
    }),
};

/** Without those that are compared already. */
export function withoutReferences(sagas: readonly SagaDto[], excluded: readonly TraceReference[]): SagaDto[] {
  return sagas.filter(({ reference }) => !excluded.some((other) => isSame(reference, other)));
}

function isSame(one: TraceReference, other: TraceReference): boolean {
  return one.by === other.by && one.value === other.value && one.subject === other.subject;
}
