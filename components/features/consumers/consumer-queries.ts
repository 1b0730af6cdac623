import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import { resolveTimeRange, type TimeRange } from "#components/shell/time-range.ts";
import { channelListSchema } from "#server/contract/bus.ts";
import { failedDeliveryListSchema } from "#server/contract/deliveries.ts";
import { processingSchema } from "#server/contract/processing.ts";
import {
  type RewindInput,
  rewindAnswerSchema,
  subscriptionListSchema,
  subscriptionSchema,
} from "#server/contract/subscriptions.ts";
import type { SubscriptionBody } from "./subscription-draft.ts";

/** Backlogs change without a notice, with every event. */
const REFRESH_MS = 4_000;
const CHANNELS_REFRESH_MS = 20_000;
const LISTED_FAILURES = 10;

/** Every read of consumers, and the keys under which they are kept. */
export const consumerQueries = {
  all: () => ["consumers"] as const,

  /** Every consumer with its numbers, by name: a refresh changes numbers, and no row's place. */
  list: () =>
    queryOptions({
      queryKey: [...consumerQueries.all(), "list"],
      queryFn: ({ signal }) => getJson("/subscriptions", subscriptionListSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** How consumers fared in a window of recorded time, or how one consumer fared with each event type. */
  processing: ({ range, consumer }: { range: TimeRange; consumer: string | null }) =>
    queryOptions({
      queryKey: [...consumerQueries.all(), "processing", range, consumer],
      queryFn: ({ signal }) =>
        getJson("/metrics/processing", processingSchema, {
          query: {
            ...resolveTimeRange(range, Date.now()),
            ...(consumer === null ? { by: "consumer" } : { by: "type", consumer }),
          },
          signal,
        }),
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),

  /** What a consumer failed at and has not handled since. */
  failures: (consumer: string) =>
    queryOptions({
      queryKey: [...consumerQueries.all(), "failures", consumer],
      queryFn: ({ signal }) =>
        getJson(`${pathOf(consumer)}/failures`, failedDeliveryListSchema, {
          query: { limit: LISTED_FAILURES },
          signal,
        }),
      refetchInterval: REFRESH_MS,
    }),

  /** The channels, and which events of the last day no consumer took. */
  channels: () =>
    queryOptions({
      queryKey: [...consumerQueries.all(), "channels"],
      queryFn: ({ signal }) => getJson("/channels", channelListSchema, { signal }),
      refetchInterval: CHANNELS_REFRESH_MS,
    }),
};

const pathOf = (consumer: string) => `/subscriptions/${encodeURIComponent(consumer)}`;

/** Reads everything about consumers anew. */
export function useRefreshConsumers() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: consumerQueries.all() });
}

export function usePutSubscription() {
  const onSuccess = useRefreshConsumers();
  return useMutation({
    mutationFn: ({ consumer, body }: { consumer: string; body: SubscriptionBody }) =>
      sendJson("PUT", pathOf(consumer), subscriptionSchema, { body }),
    onSuccess,
  });
}

/** Stops delivering to a consumer, or goes on. */
export function useSetPaused(consumer: string) {
  const onSuccess = useRefreshConsumers();
  return useMutation({
    mutationFn: (isPaused: boolean) =>
      sendJson("POST", `${pathOf(consumer)}/${isPaused ? "pause" : "resume"}`, subscriptionSchema),
    onSuccess,
  });
}

/** A rewind: as a dry run it only says what it would do. */
export function useRewind(consumer: string) {
  const refresh = useRefreshConsumers();
  return useMutation({
    mutationFn: (input: Partial<RewindInput> & Pick<RewindInput, "to">) =>
      sendJson("POST", `${pathOf(consumer)}/rewind`, rewindAnswerSchema, { body: input }),
    onSuccess: async ({ done }) => {
      if (done) await refresh();
    },
  });
}

export function useDeleteSubscription(consumer: string) {
  const onSuccess = useRefreshConsumers();
  return useMutation({
    mutationFn: () => sendJson("DELETE", pathOf(consumer), z.unknown()),
    onSuccess,
  });
}
