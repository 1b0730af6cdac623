import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { outboxSchema } from "#server/contract/outbox.ts";
import { projectionListSchema, projectionSchema } from "#server/contract/projections.ts";

/** Lags change without a notice, with every event. */
const REFRESH_MS = 2_000;

/** Every read of projections and the outbox, and the keys under which they are kept. */
export const projectionQueries = {
  all: () => ["projections"] as const,

  list: () =>
    queryOptions({
      queryKey: [...projectionQueries.all(), "list"],
      queryFn: ({ signal }) => getJson("/projections", projectionListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  outbox: () =>
    queryOptions({
      queryKey: [...projectionQueries.all(), "outbox"],
      queryFn: ({ signal }) => getJson("/outbox", outboxSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),
};

export type ProjectionAction = "pause" | "resume" | "rebuild";

export function useChangeProjection(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: ProjectionAction) =>
      sendJson("POST", `/projections/${encodeURIComponent(name)}/${action}`, projectionSchema),
    onSuccess: () => client.invalidateQueries({ queryKey: projectionQueries.all() }),
  });
}
