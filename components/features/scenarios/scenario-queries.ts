import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { eventPageSchema } from "#server/contract/events.ts";
import { sampleOrdersSchema } from "#server/contract/sample-orders.ts";
import {
  type FaultInput,
  type RemoveDataInput,
  removeDataAnswerSchema,
  type ScenarioDto,
  scenarioListSchema,
  scenarioSchema,
} from "#server/contract/scenarios.ts";
import { subscriptionListSchema } from "#server/contract/subscriptions.ts";

/** Traffic and backlogs change without a notice. */
const REFRESH_MS = 2_000;
const FLOW_REFRESH_MS = 4_000;
/** Often enough to see the read model follow. */
const COMPARE_EVERY_MS = 1_000;

/** Every read of sample systems, and the keys under which they are kept. */
export const scenarioQueries = {
  all: () => ["scenarios"] as const,

  list: () =>
    queryOptions({
      queryKey: [...scenarioQueries.all(), "list"],
      queryFn: ({ signal }) => getJson("/scenarios", scenarioListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** The flow of the newest event that shows that all goes well in a system; null where there is none yet. */
  latestFlow: ({ name, effect, sourcePrefix }: Pick<ScenarioDto, "name" | "effect" | "sourcePrefix">) =>
    queryOptions({
      queryKey: [...scenarioQueries.all(), "latest-flow", name],
      queryFn: async ({ signal }) => {
        const query = { type: effect ?? "", source: `${sourcePrefix}*`, limit: 1 };
        const { events } = await getJson("/events", eventPageSchema, { query, signal });
        return events[0]?.correlationId ?? null;
      },
      enabled: effect !== null,
      refetchInterval: FLOW_REFRESH_MS,
    }),

  /** The orders that are stored as their events, beside what the read model has of them. */
  sampleOrders: () =>
    queryOptions({
      queryKey: [...scenarioQueries.all(), "sample-orders"],
      queryFn: ({ signal }) => getJson("/scenarios/orders-events/orders", sampleOrdersSchema, { signal }),
      refetchInterval: COMPARE_EVERY_MS,
    }),

  /** How the consumers of all systems stand. */
  consumers: () =>
    queryOptions({
      queryKey: [...scenarioQueries.all(), "consumers"],
      queryFn: ({ signal }) => getJson("/subscriptions", subscriptionListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),
};

/** What can be done to a sample system. */
export type ScenarioChange =
  | { kind: "start" | "stop" }
  | { kind: "rate"; rate: number }
  | { kind: "preset"; preset: string }
  | { kind: "fault"; service: string; fault: FaultInput }
  | { kind: "calm"; service: string }
  | { kind: "consumer"; service: string; isOn: boolean };

export function useChangeScenario(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ScenarioChange) => send(name, change),
    onSuccess: () => client.invalidateQueries({ queryKey: scenarioQueries.all() }),
  });
}

export function useRemoveData(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RemoveDataInput) =>
      sendJson("DELETE", `/scenarios/${name}/data`, removeDataAnswerSchema, { body }),
    onSuccess: ({ done }) => (done ? client.invalidateQueries() : undefined),
  });
}

function send(name: string, change: ScenarioChange): Promise<ScenarioDto> {
  const path = `/scenarios/${name}`;
  switch (change.kind) {
    case "start":
    case "stop":
      return sendJson("POST", `${path}/${change.kind}`, scenarioSchema);
    case "rate":
      return sendJson("PUT", `${path}/rate`, scenarioSchema, { body: { rate: change.rate } });
    case "preset":
      return sendJson("POST", `${path}/presets/${change.preset}`, scenarioSchema);
    case "fault":
      return sendJson("PUT", `${path}/faults/${change.service}`, scenarioSchema, { body: change.fault });
    case "calm":
      return sendJson("DELETE", `${path}/faults/${change.service}`, scenarioSchema);
    case "consumer":
      return sendJson("PUT", `${path}/consumers/${change.service}`, scenarioSchema, {
        body: { isOn: change.isOn },
      });
  }
}
