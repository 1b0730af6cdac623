import { z } from "zod";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { nameSchema } from "./bus.ts";
import { attemptSchema } from "./deliveries.ts";
import { asOfSchema, eventDataSchema, eventSummarySchema, positionSchema, searchedSchema } from "./events.ts";
import { sagaSchema } from "./sagas.ts";
import { boundedCountSchema } from "./subscriptions.ts";

const moment = z.iso.datetime({ offset: true });
const globs = z.array(z.string().min(1).max(1024)).max(50);

/** Counts dead letters in the order in which they were put into cases; the newer, the higher. A decimal string. */
export const letterNumberSchema = z.string().regex(/^\d{1,18}$/, "A number of a dead letter, such as 412.");

const caseIdSchema = z.number().int().positive().max(2_147_483_647);

/** Names a dead letter: the event, and the consumer that could not handle it. */
export const letterKeySchema = z.strictObject({ position: positionSchema, consumer: nameSchema });
export type LetterKey = z.infer<typeof letterKeySchema>;

/**
 * Which dead letters. Repeated values of one field mean "or"; different fields mean "and". `consumer`, `type` and
 * `source` take `*` for any run of characters.
 */
export const letterFilterSchema = z.strictObject({
  status: z.array(z.enum(DEAD_LETTER_STATUSES)).max(4).optional(),
  consumer: globs.optional(),
  type: globs.optional(),
  source: globs.optional(),
  case: z.array(z.coerce.number().pipe(caseIdSchema)).max(100).optional(),
  /** The event's partition key, id and correlation id, as they are. */
  key: z.string().min(1).max(1024).optional(),
  eventid: z.string().min(1).max(1024).optional(),
  correlationid: z.string().min(1).max(1024).optional(),
  /** Died at or after, and before, this moment. */
  from: moment.optional(),
  to: moment.optional(),
  /** Text to find in the last error (what an HTTP consumer answered is part of it), and in the payload, ignoring case. */
  error: z.string().min(1).max(200).optional(),
  q: z.string().min(1).max(200).optional(),
});
export type LetterFilter = z.infer<typeof letterFilterSchema>;

export const MAX_TICKED = 1_000;

/** What to work on. What a case or a filter takes is frozen with `upTo`: letters with a higher number are left out. */
export const letterSelectionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("letters"), letters: z.array(letterKeySchema).min(1).max(MAX_TICKED) }),
  z.strictObject({
    kind: z.literal("case"),
    case: caseIdSchema,
    upTo: letterNumberSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal("filter"),
    filter: letterFilterSchema,
    upTo: letterNumberSchema.optional(),
  }),
]);
export type LetterSelection = z.infer<typeof letterSelectionSchema>;

export const letterSummarySchema = z.object({
  position: positionSchema,
  consumer: nameSchema,
  number: letterNumberSchema,
  status: z.enum(DEAD_LETTER_STATUSES),
  /** The failure case that it is in. */
  case: z.number().int(),
  type: z.string(),
  source: z.string(),
  eventId: z.string(),
  partitionKey: z.string().nullable(),
  correlationId: z.string().nullable(),
  /** The beginning of the last error's text: its message, and what an HTTP consumer answered. */
  message: z.string(),
  /** Of all generations together. */
  attempts: z.number().int(),
  /** How often it died: more than once after a replay that failed. */
  deaths: z.number().int(),
  firstDiedAt: z.string(),
  diedAt: z.string(),
  recordedAt: z.string(),
});
export type LetterSummaryDto = z.infer<typeof letterSummarySchema>;

export const letterPageSchema = z.object({
  /** Newest death first. */
  letters: z.array(letterSummarySchema),
  /** Pass it as `before`; null at the end. */
  nextBefore: letterNumberSchema.nullable(),
  searched: searchedSchema,
  /** Deaths that are not put into their case yet, and so are not listed: they are within a second. */
  ungrouped: z.number().int(),
  /** The highest number that was given; pass it as `upTo` to freeze a selection. */
  upTo: letterNumberSchema,
  asOf: asOfSchema,
});
export type LetterPageDto = z.infer<typeof letterPageSchema>;

/** What was done about a letter, beside its attempts. */
export const letterHistorySchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("died"),
    at: z.string(),
    case: z.number().int().nullable(),
    message: z.string(),
  }),
  z.object({
    kind: z.literal("replayed"),
    at: z.string(),
    replay: z.number().int(),
    by: z.string(),
    reason: z.string(),
    isEdited: z.boolean(),
    /** Null while it is in flight. */
    outcome: z.enum(["succeeded", "failed-same", "failed-new", "skipped-handled", "unknown"]).nullable(),
    endedAt: z.string().nullable(),
    newCase: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal("discarded"), at: z.string(), by: z.string(), reason: z.string() }),
  z.object({ kind: z.literal("restored"), at: z.string(), by: z.string(), reason: z.string() }),
]);
export type LetterHistoryDto = z.infer<typeof letterHistorySchema>;

export const letterDetailSchema = letterSummarySchema.extend({
  event: eventSummarySchema,
  data: eventDataSchema,
  /** The event in CloudEvents structured JSON, payload verbatim. */
  envelope: z.string(),
  /** Oldest first, all generations. */
  attemptList: z.array(attemptSchema),
  /** Payloads that were edited for a replay, oldest first; the event itself never changes. */
  edits: z.array(z.object({ generation: z.number().int(), replay: z.number().int(), text: z.string() })),
  /** Oldest first. */
  history: z.array(letterHistorySchema),
  /** Its consumer delivers on its own, so that it can only be replayed there. */
  isExternal: z.boolean(),
  isConsumerEnded: z.boolean(),
});
export type LetterDetailDto = z.infer<typeof letterDetailSchema>;

/** What else a dead letter holds up. */
export const blastRadiusSchema = z.object({
  /** Steps that usually follow when the consumer handles this type, from flows that were observed, and are not in this one. */
  missingSteps: z.array(
    z.object({
      type: z.string(),
      source: z.string(),
      /** In how many of the flows that were looked at it followed, from 0 to 1. */
      share: z.number(),
    }),
  ),
  /** How many flows the missing steps are read from. */
  flowsCompared: z.number().int(),
  /** Events of the flow so far. */
  flowEvents: boundedCountSchema,
  /** Sagas of the flow that have not ended, whatever they are known by. */
  waitingSagas: z.array(sagaSchema),
  /** Runs of declared processes of the flow that have not ended. */
  waitingProcesses: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      businessKey: z.string(),
      status: z.string(),
      step: z.string().nullable(),
      since: z.string(),
    }),
  ),
  /** Deliveries to the same consumer that wait behind it in its key; null where it holds nothing up. */
  blockedKey: z.object({ key: z.string(), waiting: boundedCountSchema }).nullable(),
  /** How the other consumers of the same event stand: what has reached whoever the flow is for, and what has not. */
  otherConsumers: z.array(z.object({ consumer: nameSchema, status: z.string() })),
  /** Read models: whether they have seen the newest event of the flow. */
  readModels: z.array(
    z.object({ name: z.string(), hasSeenAll: z.boolean(), unseenEvents: z.number().int() }),
  ),
  asOf: asOfSchema,
});
export type BlastRadiusDto = z.infer<typeof blastRadiusSchema>;

const actionInput = {
  selection: letterSelectionSchema,
  /** Only say how many it would be. */
  dryRun: z.boolean().default(false),
  /** The page that it was asked on, for the audit trail. */
  view: z.string().max(2000).optional(),
};
export const discardInputSchema = z.strictObject({
  ...actionInput,
  reason: z.string().trim().min(1).max(1000),
});
export type DiscardInput = z.infer<typeof discardInputSchema>;
export const restoreInputSchema = z.strictObject({
  ...actionInput,
  reason: z.string().trim().max(1000).default(""),
});
export type RestoreInput = z.infer<typeof restoreInputSchema>;

export const letterActionAnswerSchema = z.object({
  /** Letters that were changed, or would be. */
  count: z.number().int(),
  /** Letters of the selection to which it doesn't apply: not parked any more, or not discarded. */
  skipped: z.number().int(),
  /** Letters that match, but died after the cut-off. */
  newer: z.number().int(),
  upTo: letterNumberSchema,
  done: z.boolean(),
});
export type LetterActionAnswerDto = z.infer<typeof letterActionAnswerSchema>;
