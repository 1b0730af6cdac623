import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { comparisonSchema } from "#server/contract/scenario-comparison.ts";
import { scenarioQueries } from "./scenario-queries.ts";

/** How far back one can look, in minutes. */
export const COMPARED_MINUTES = [1, 5, 15, 60] as const;
export const DEFAULT_MINUTES = 5;

/** Figures change with the traffic, without a notice. */
const REFRESH_MS = 2_000;

export const comparisonQueries = {
  all: () => [...scenarioQueries.all(), "comparison"] as const,

  of: (minutes: number) =>
    queryOptions({
      queryKey: [...comparisonQueries.all(), minutes],
      queryFn: ({ signal }) =>
        getJson(`/scenarios/comparison?minutes=${minutes}`, comparisonSchema, { signal }),
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),
};

/** What can be done to all compared systems at once. */
export type ComparisonChange =
  | { kind: "start"; rate: number }
  | { kind: "stop" }
  | { kind: "play" | "end"; preset: string };

export function useChangeComparison() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: scenarioQueries.all() }),
  });
}

function send(change: ComparisonChange) {
  const path = "/scenarios/comparison";
  switch (change.kind) {
    case "start":
      return sendJson("POST", `${path}/start`, comparisonSchema, { body: { rate: change.rate } });
    case "stop":
      return sendJson("POST", `${path}/stop`, comparisonSchema);
    case "play":
      return sendJson("POST", `${path}/presets/${change.preset}`, comparisonSchema);
    case "end":
      return sendJson("DELETE", `${path}/presets/${change.preset}`, comparisonSchema);
  }
}
