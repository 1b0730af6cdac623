import { z } from "zod";
import { CHANNEL_KINDS, type RoutingRule } from "#server/domain/channel-routing.ts";
import { ON_DEAD, ORDERINGS } from "#server/domain/ordering.ts";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";
import { positionSchema } from "./events.ts";
import { retryPolicySchema } from "./retry-policy.ts";
import { subscriptionFiltersSchema } from "./subscription-filter.ts";

/** Names of channels and consumers: they stand in paths and in commands. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/,
    "Use letters, digits, dots, dashes and underscores, at most 128.",
  );

const glob = z.string().min(1).max(1024);

export const channelRuleSchema = z
  .strictObject({ type: glob.optional(), source: glob.optional() })
  .refine((rule): rule is RoutingRule => rule.type !== undefined || rule.source !== undefined, {
    error: "Name a type, a source or both.",
  });

export const channelInputSchema = z.strictObject({
  kind: z.enum(CHANNEL_KINDS),
  /** Events that match any of these travel the channel without naming it. */
  rules: z.array(channelRuleSchema).max(100).default([]),
  description: z.string().max(2000).default(""),
});
export type ChannelInput = z.infer<typeof channelInputSchema>;

export const channelSchema = channelInputSchema.extend({
  name: nameSchema,
  consumers: z.array(nameSchema),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ChannelDto = z.infer<typeof channelSchema>;

export const channelListSchema = z.object({
  channels: z.array(channelSchema),
  /** Events of the last 24 hours that no subscription took, by type, most frequent first. */
  unrouted: z.object({
    from: z.string(),
    types: z.array(z.object({ type: z.string(), count: z.number().int() })),
    /** More types than these had such events. */
    capped: z.boolean(),
    /** Events up to here are counted. */
    countedTo: positionSchema,
  }),
});
export type ChannelListDto = z.infer<typeof channelListSchema>;

export const targetSchema = z.discriminatedUnion("kind", [
  /** A handler in this program, by the name under which it was registered. */
  z.strictObject({ kind: z.literal("handler"), name: z.string().min(1).max(200) }),
  /** A URL that takes CloudEvents in binary mode. */
  z.strictObject({
    kind: z.literal("http"),
    url: z.url({ protocol: /^https?$/ }).max(2048),
    /** Standard Webhooks secrets (`whsec_…`); each signs, so that one can be rotated out. */
    secrets: z
      .array(z.string().regex(/^whsec_[A-Za-z0-9+/=]{32,88}$/))
      .max(3)
      .default([]),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(4096)).default({}),
  }),
  /** A system that delivers on its own and reports its attempts. */
  z.strictObject({ kind: z.literal("external") }),
]);
export type TargetDto = z.infer<typeof targetSchema>;

export const subscriptionInputSchema = z.strictObject({
  /** Null (or `*`) takes every event, whatever its channel. */
  channel: z
    .union([z.literal("*"), nameSchema])
    .nullable()
    .default(null)
    .transform((channel) => (channel === "*" ? null : channel)),
  filters: subscriptionFiltersSchema.default([]),
  target: targetSchema,
  ordering: z.enum(ORDERINGS).default("none"),
  /** What a dead letter does to the later events of its key. */
  onDead: z.enum(ON_DEAD).default("block"),
  concurrency: z.int().min(1).max(1000).default(10),
  retry: retryPolicySchema.default(DEFAULT_RETRY_POLICY),
  timeoutMs: z.int().min(1).max(3_600_000).default(30_000),
  /** Where a new subscription starts: with the next event, with the oldest, or after a position. */
  startFrom: z.union([z.literal("now"), z.literal("beginning"), positionSchema]).default("now"),
});
export type SubscriptionInput = z.infer<typeof subscriptionInputSchema>;
