import { z } from "zod";
import { ITEM_OUTCOMES, REPLAY_STATUSES } from "#server/domain/replays/replay-run.ts";
import { nameSchema } from "./bus.ts";
import { letterNumberSchema, letterSelectionSchema } from "./dead-letters.ts";
import { asOfSchema, positionSchema } from "./events.ts";
import { placedProblemSchema } from "./problem.ts";

const patchText = z.string().min(1).max(1_000_000);

/** How payloads are changed. As text, so that numbers stay as they are written. */
export const payloadEditSchema = z.discriminatedUnion("kind", [
  /** The whole payload; of a selection of one letter only. */
  z.strictObject({ kind: z.literal("payload"), text: z.string().max(4_000_000) }),
  /** RFC 7386. */
  z.strictObject({ kind: z.literal("merge-patch"), text: patchText }),
  /** RFC 6902. */
  z.strictObject({ kind: z.literal("json-patch"), text: patchText }),
]);
export type PayloadEdit = z.infer<typeof payloadEditSchema>;

export const REPLAY_TARGETS = [
  /** The consumer that the letter died in. */
  "consumer",
  /** Every consumer of the event, also those that handled it. */
  "all",
] as const;
export const REPLAY_RETRIES = [
  /** Each item gets the attempts of its consumer's retry policy. */
  "policy",
  /** One attempt each: its outcome is known at once. */
  "none",
] as const;

export const replayOptionsSchema = z.strictObject({
  to: z.enum(REPLAY_TARGETS).default("consumer"),
  retries: z.enum(REPLAY_RETRIES).default("policy"),
  /** So many are tried first, and their outcomes awaited, before the others follow; 0 for none. */
  canary: z.int().min(0).max(10_000).default(0),
  /** Items started a second; null for as fast as the consumers take them. */
  ratePerSecond: z.number().positive().max(100_000).nullable().default(null),
  /** Items in flight at once. */
  concurrency: z.int().min(1).max(10_000).default(1_000),
  /** Stop when more than this share (0 up to 1) of what has ended failed the same way, from so many ended items on. */
  stop: z
    .strictObject({ share: z.number().min(0).lt(1), minEnded: z.int().min(1).max(1_000_000) })
    .nullable()
    .default({ share: 0.05, minEnded: 20 }),
  /** How long the outcome of an item is awaited, seconds. */
  unknownAfterSeconds: z.int().min(1).max(604_800).default(3_600),
  edit: payloadEditSchema.nullable().default(null),
});
export type ReplayOptionsDto = z.infer<typeof replayOptionsSchema>;

export const replayInputSchema = z.strictObject({
  selection: letterSelectionSchema,
  options: replayOptionsSchema.default(() => replayOptionsSchema.parse({})),
  /** Only say what would happen. */
  dryRun: z.boolean().default(false),
  /** Why; it stands in the audit trail. Needed unless it is a dry run. */
  reason: z.string().trim().max(1000).default(""),
  /** The page that it was asked on. */
  view: z.string().max(2000).optional(),
  /** False: it is planned, and starts when somebody starts it. */
  start: z.boolean().default(true),
});
export type ReplayInput = z.infer<typeof replayInputSchema>;

/** What a command on a replay may bring along: why, for the audit trail. */
export const replayCommandSchema = z
  .strictObject({ reason: z.string().trim().max(1000).default("") })
  .nullish();

/** What might go wrong, or happen twice. `count` items of `consumer`. */
export const PLAN_WARNINGS = [
  /** The consumer handled it; it will do so again. */
  "handled-already",
  /** Later events of the same key were handled by the consumer since: order across them is lost. */
  "later-handled",
  /** The type has a newer schema version than when the event was recorded. */
  "older-schema",
  /** The edited payload does not keep the type's schema. */
  "edit-violates-schema",
  /** The edit can't be applied to these: they would be left out. */
  "edit-fails",
  /** More than a tenth of the consumer's attempts of the last five minutes failed. */
  "failing-now",
  /** The consumer is paused: nothing happens until it is resumed. */
  "paused",
  /** Left out: its subscription was deleted, or its own system delivers to it. */
  "consumer-ended",
  "consumer-external",
  /** Another replay that has not ended holds them too. */
  "in-other-replay",
] as const;
export type PlanWarningKind = (typeof PLAN_WARNINGS)[number];

export const replayPlanSchema = z.object({
  /** Items that the replay would have. */
  included: z.number().int(),
  /** Letters that match, but died after the cut-off. */
  newer: z.number().int(),
  /** The cut-off; pass it as `upTo` in the selection to replay exactly these. */
  upTo: letterNumberSchema,
  /** Letters of the selection that are not parked (any more), and so are left out. */
  notParked: z.number().int(),
  consumers: z.array(
    z.object({
      consumer: nameSchema,
      items: z.number().int(),
      /** Attempts of the last five minutes that failed, from 0 to 1; null without any. */
      failureRate: z.number().nullable(),
      state: z.enum(["active", "paused", "external", "ended"]),
    }),
  ),
  cases: z.array(z.object({ case: z.number().int(), items: z.number().int() })),
  /** Different partition keys; items of one go one after the other, oldest first. */
  keys: z.number().int(),
  unkeyed: z.number().int(),
  /** The event times that the items span. */
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
  warnings: z.array(
    z.object({
      kind: z.enum(PLAN_WARNINGS),
      count: z.number().int(),
      consumer: nameSchema.nullable(),
      /** Words for the details, such as which replay. */
      detail: z.string().nullable(),
    }),
  ),
  /** Seconds; null where nothing says how long. */
  estimate: z.object({
    seconds: z.number().nullable(),
    basis: z.enum(["rate", "recent-throughput", "none"]),
  }),
  /** Up to five items, with what an edit makes of them. */
  samples: z.array(
    z.object({
      position: positionSchema,
      consumer: nameSchema,
      before: z.string(),
      /** Null without an edit, or where it can't be applied. */
      after: z.string().nullable(),
      problem: z.string().nullable(),
      violations: z.array(placedProblemSchema),
    }),
  ),
  asOf: asOfSchema,
});
export type ReplayPlanDto = z.infer<typeof replayPlanSchema>;

export const replayTotalsSchema = z.object({
  itemCount: z.number().int(),
  succeeded: z.number().int(),
  "failed-same": z.number().int(),
  "failed-new": z.number().int(),
  "skipped-handled": z.number().int(),
  unknown: z.number().int(),
  ended: z.number().int(),
  inFlight: z.number().int(),
  left: z.number().int(),
});

export const replaySchema = z.object({
  id: z.number().int(),
  status: z.enum(REPLAY_STATUSES),
  reason: z.string(),
  by: z.string(),
  view: z.string().nullable(),
  /** The rule that made it. */
  rule: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  selection: letterSelectionSchema,
  options: replayOptionsSchema,
  upTo: letterNumberSchema,
  newer: z.number().int(),
  totals: replayTotalsSchema,
  /** Of `left`: items that wait behind one of their key that did not succeed. */
  heldBack: z.number().int(),
  /** Whether the canary is what is waited for. */
  isCanary: z.boolean(),
  /** Why it stopped by itself. */
  stopped: z
    .object({ case: z.number().int().nullable(), failed: z.number().int(), ended: z.number().int() })
    .nullable(),
  /** Items that ended in the last ten seconds, per second; null unless it runs. */
  ratePerSecond: z.number().nullable(),
  remainingSeconds: z.number().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type ReplayDto = z.infer<typeof replaySchema>;

export const replayListSchema = z.object({
  replays: z.array(replaySchema),
  /** Pass it as `before`. */
  nextBefore: z.number().int().nullable(),
  asOf: asOfSchema,
});
export type ReplayListDto = z.infer<typeof replayListSchema>;

export const replayItemSchema = z.object({
  seq: z.number().int(),
  position: positionSchema,
  consumer: nameSchema,
  partitionKey: z.string().nullable(),
  state: z.enum(["held", "waiting", "in-flight", "ended"]),
  outcome: z.enum(ITEM_OUTCOMES).nullable(),
  case: z.number().int().nullable(),
  /** The case of its failure in the replay. */
  newCase: z.number().int().nullable(),
  isEdited: z.boolean(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type ReplayItemDto = z.infer<typeof replayItemSchema>;

export const REPLAY_ITEM_FILTERS = [...ITEM_OUTCOMES, "held", "waiting", "in-flight"] as const;
export const replayItemPageSchema = z.object({
  items: z.array(replayItemSchema),
  /** Pass it as `after`. */
  nextAfter: z.number().int().nullable(),
  asOf: asOfSchema,
});
export type ReplayItemPageDto = z.infer<typeof replayItemPageSchema>;
