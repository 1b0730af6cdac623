import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  type DestinationChange,
  type DestinationInput,
  destinationListSchema,
  madeDestinationSchema,
  noticeListSchema,
  noticeSchema,
} from "#server/contract/alert-destinations.ts";
import {
  type AlertRuleInput,
  alertDetailSchema,
  alertListSchema,
  alertPreviewSchema,
  alertRuleListSchema,
  alertRuleSchema,
  alertSchema,
  type MuteInput,
} from "#server/contract/alerts.ts";
import type { AlertState } from "#server/domain/alerts/alert.ts";

const PAGE_SIZE = 50;
/** Hints come with every change; ages and values go on without. */
const REFRESH_MS = 5_000;

/** Every read of alerts, their rules and where they go, and the keys under which they are kept. */
export const alertQueries = {
  all: () => ["alerts"] as const,

  list: (states: readonly AlertState[]) =>
    infiniteQueryOptions({
      queryKey: [...alertQueries.all(), "list", states],
      queryFn: ({ pageParam, signal }) =>
        getJson("/alerts", alertListSchema, {
          query: { state: [...states], after: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      // The first page begins nowhere.
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextAfter,
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  one: (id: string) =>
    queryOptions({
      queryKey: [...alertQueries.all(), "one", id],
      queryFn: ({ signal }) => getJson(`/alerts/${id}`, alertDetailSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  rules: () =>
    queryOptions({
      queryKey: [...alertQueries.all(), "rules"],
      queryFn: ({ signal }) => getJson("/alert-rules", alertRuleListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  destinations: () =>
    queryOptions({
      queryKey: [...alertQueries.all(), "destinations"],
      queryFn: ({ signal }) => getJson("/destinations", destinationListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  notices: (of: { alert?: string; destination?: number }) =>
    infiniteQueryOptions({
      queryKey: [...alertQueries.all(), "notices", of],
      queryFn: ({ pageParam, signal }) =>
        getJson("/notices", noticeListSchema, {
          query: { ...of, after: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      // The first page begins nowhere.
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextAfter,
      refetchInterval: REFRESH_MS,
    }),
};

/** Reads everything about alerts anew. */
export function useRefreshAlerts() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: alertQueries.all() });
}

export type AlertCommand =
  | { kind: "acknowledge" | "resolve"; note: string }
  | ({ kind: "mute" } & MuteInput)
  | { kind: "unmute" };

export function useCommandAlert() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: ({ id, command: { kind, ...body } }: { id: string; command: AlertCommand }) =>
      sendJson("POST", `/alerts/${id}/${kind}`, alertSchema, kind === "unmute" ? {} : { body }),
    onSuccess: refresh,
  });
}

export type RuleCommand = ({ kind: "mute" } & MuteInput) | { kind: "unmute" | "on" | "off" };

export function useCommandRule() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: ({ id, command: { kind, ...body } }: { id: number; command: RuleCommand }) =>
      sendJson("POST", `/alert-rules/${id}/${kind}`, alertRuleSchema, kind === "mute" ? { body } : {}),
    onSuccess: refresh,
  });
}

/** Makes a rule, or changes the one with the id as far as nobody else has since it was read. */
export function useSaveRule() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: ({ known, rule }: { known: { id: number; version: number } | null; rule: AlertRuleInput }) =>
      known === null
        ? sendJson("POST", "/alert-rules", alertRuleSchema, { body: rule })
        : sendJson("PUT", `/alert-rules/${known.id}`, alertRuleSchema, {
            body: { ...rule, expectedVersion: known.version },
          }),
    onSuccess: refresh,
  });
}

export function useDeleteRule() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (id: number) => sendJson("DELETE", `/alert-rules/${id}`, z.null()),
    onSuccess: refresh,
  });
}

export function usePreviewRule() {
  return useMutation({
    mutationFn: (rule: AlertRuleInput) =>
      sendJson("POST", "/alert-rules/preview", alertPreviewSchema, { body: { rule } }),
  });
}

export function useSaveDestination() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (change: { id: null; body: DestinationInput } | { id: number; body: DestinationChange }) =>
      change.id === null
        ? sendJson("POST", "/destinations", madeDestinationSchema, { body: change.body })
        : sendJson("PUT", `/destinations/${change.id}`, madeDestinationSchema, { body: change.body }),
    onSuccess: refresh,
  });
}

export function useDeleteDestination() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (id: number) => sendJson("DELETE", `/destinations/${id}`, z.null()),
    onSuccess: refresh,
  });
}

/** Sends a message that says that it is a test, and tells what became of it. */
export function useTestDestination() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (id: number) => sendJson("POST", `/destinations/${id}/test`, noticeSchema),
    onSuccess: refresh,
  });
}

export function useRetryNotice() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (id: string) => sendJson("POST", `/notices/${id}/retry`, noticeSchema),
    onSuccess: refresh,
  });
}
