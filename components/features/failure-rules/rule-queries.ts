import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  type RuleInput,
  type RuleSimulationInput,
  ruleListSchema,
  ruleSchema,
  ruleSimulationSchema,
} from "#server/contract/failure-rules.ts";

/** What waits behind a rule changes without a notice. */
const REFRESH_MS = 5_000;

export const ruleQueries = {
  all: () => ["failure-rules"] as const,

  list: () =>
    queryOptions({
      queryKey: [...ruleQueries.all(), "list"],
      queryFn: ({ signal }) => getJson("/failure-rules", ruleListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),
};

/** Makes a rule, or changes the one with the id. */
export function useSaveRule() {
  const refresh = useRefreshRules();
  return useMutation({
    mutationFn: ({ id, rule }: { id: number | null; rule: RuleInput }) =>
      id === null
        ? sendJson("POST", "/failure-rules", ruleSchema, { body: rule })
        : sendJson("PUT", `/failure-rules/${id}`, ruleSchema, { body: rule }),
    onSuccess: refresh,
  });
}

export function useDeleteRule() {
  const refresh = useRefreshRules();
  return useMutation({
    mutationFn: (id: number) => sendJson("DELETE", `/failure-rules/${id}`, z.null()),
    onSuccess: refresh,
  });
}

export function useOrderRules() {
  const refresh = useRefreshRules();
  return useMutation({
    mutationFn: (ids: number[]) =>
      sendJson("POST", "/failure-rules/order", ruleListSchema, { body: { ids } }),
    onSuccess: refresh,
  });
}

export function useSimulateRule() {
  return useMutation({
    mutationFn: (body: RuleSimulationInput) =>
      sendJson("POST", "/failure-rules/simulate", ruleSimulationSchema, { body }),
  });
}

function useRefreshRules() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ruleQueries.all() });
}
