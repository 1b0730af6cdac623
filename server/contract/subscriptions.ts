import { z } from "zod";
import { ON_DEAD, ORDERINGS } from "#server/domain/ordering.ts";
import { nameSchema } from "./bus.ts";
import { asOfSchema, positionSchema } from "./events.ts";
import { retryPolicySchema } from "./retry-policy.ts";
import { subscriptionFiltersSchema } from "./subscription-filter.ts";

/** A number of things; when it is not exact, there are at least so many. */
export const boundedCountSchema = z.object({ count: z.number().int(), exact: z.boolean() });
export type BoundedCountDto = z.infer<typeof boundedCountSchema>;

/** A target as it is shown: what is secret in it stays with the server. */
export const shownTargetSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("handler"), name: z.string() }),
  z.object({
    kind: z.literal("http"),
    url: z.string(),
    headerNames: z.array(z.string()),
    secretCount: z.number().int(),
  }),
  z.object({ kind: z.literal("external") }),
]);
export type ShownTargetDto = z.infer<typeof shownTargetSchema>;

export const SUBSCRIPTION_STATES = [
  /** Events are delivered as they come. */
  "active",
  /** Nothing is delivered until it is resumed; what comes in the meantime waits. */
  "paused",
  /** The consumer's own system delivers, and reports its attempts. */
  "external",
] as const;

export const subscriptionSchema = z.object({
  consumer: nameSchema,
  /** Null: every event, whatever its channel. */
  channel: nameSchema.nullable(),
  filters: subscriptionFiltersSchema,
  target: shownTargetSchema,
  ordering: z.enum(ORDERINGS),
  onDead: z.enum(ON_DEAD),
  concurrency: z.number().int(),
  retry: retryPolicySchema,
  timeoutMs: z.number().int(),
  state: z.enum(SUBSCRIPTION_STATES),
  pausedAt: z.string().nullable(),
  /** Events up to here were handed out. The consumers of a queue share it. */
  position: positionSchema,
  /** How often it was rewound. */
  generation: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type SubscriptionDto = z.infer<typeof subscriptionSchema>;

const attemptCountsSchema = z.object({ succeeded: z.number().int(), failed: z.number().int() });

export const subscriptionStatusSchema = subscriptionSchema.extend({
  /** Events that are owed and not settled: waiting, under way or to be tried again. Null where others deliver. */
  backlog: boundedCountSchema.nullable(),
  /** Seconds since the oldest of them was recorded; null when nothing waits, or where others deliver. */
  oldestWaitingSeconds: z.number().nullable(),
  /** Deliveries that failed and wait for their next attempt. */
  retrying: boundedCountSchema,
  dead: boundedCountSchema,
  /** Attempts that ended in the last hour, by whole minutes. */
  attemptsLastHour: attemptCountsSchema,
  /** Those of the present minute and the two before it. */
  attemptsLately: attemptCountsSchema,
});
export type SubscriptionStatusDto = z.infer<typeof subscriptionStatusSchema>;

export const subscriptionListSchema = z.object({
  subscriptions: z.array(subscriptionStatusSchema),
  asOf: asOfSchema,
});
export type SubscriptionListDto = z.infer<typeof subscriptionListSchema>;

export const rewindInputSchema = z.strictObject({
  /** Deliver again what was recorded after this position, or from this moment (RFC 3339) on, or everything kept. */
  to: z.union([z.literal("beginning"), positionSchema, z.iso.datetime({ offset: true })]),
  /** Only say what would be delivered again. */
  dryRun: z.boolean().default(false),
  /** From the dry run's answer: what the operator has agreed to. */
  confirm: z.string().max(100).optional(),
});
export type RewindInput = z.infer<typeof rewindInputSchema>;

export const rewindAnswerSchema = z.object({
  consumer: nameSchema,
  /** Other consumers of the same queue, whose events come again with them. */
  alsoRewinds: z.array(nameSchema),
  from: positionSchema,
  to: positionSchema,
  /** Events that are delivered again. */
  redelivers: boundedCountSchema,
  /** Whether it was done; false for a dry run. */
  done: z.boolean(),
  /** Give this back as `confirm` to do it. Holds as long as nobody else rewinds. */
  confirm: z.string(),
});
export type RewindAnswerDto = z.infer<typeof rewindAnswerSchema>;
