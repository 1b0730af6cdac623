import { z } from "zod";
import { ERROR_KINDS } from "#server/domain/error-record.ts";
import { CASE_LIMITS, CASE_STATUSES } from "#server/domain/failures/failure-case.ts";
import { nameSchema } from "./bus.ts";
import { letterNumberSchema, letterSummarySchema } from "./dead-letters.ts";
import { asOfSchema } from "./events.ts";
import { boundedCountSchema } from "./subscriptions.ts";

/** `harm`: what fails now and has most parked letters first, last what has none left. `newest`: by the last death. */
export const CASE_SORTS = ["harm", "newest", "oldest", "parked", "returns"] as const;
export const CASE_WINDOWS = ["1h", "24h", "7d"] as const;
export type CaseWindow = (typeof CASE_WINDOWS)[number];

const normalizedErrorSchema = z.object({
  kind: z.enum(ERROR_KINDS),
  name: z.string(),
  /** With placeholders, such as `<num>`, for what differs. */
  message: z.string(),
  code: z.string().optional(),
  status: z.number().optional(),
  answer: z.string().optional(),
  frames: z.array(z.string()),
  causes: z.array(z.object({ name: z.string(), message: z.string(), code: z.string().optional() })),
});

export const failureCaseSchema = z.object({
  id: z.number().int(),
  fingerprint: z.string(),
  consumer: nameSchema,
  type: z.string(),
  error: normalizedErrorSchema,
  /** The message of the newest letter, as it was. */
  message: z.string(),
  status: z.enum(CASE_STATUSES),
  /** Who muted or resolved it. */
  statusBy: z.string().nullable(),
  statusAt: z.string().nullable(),
  mutedUntil: z.string().nullable(),
  owner: z.string().nullable(),
  ticketUrl: z.string().nullable(),
  /** How often it returned after it was resolved. */
  returns: z.number().int(),
  /** Deliveries that died of it, ever; one that died twice counts twice. */
  deaths: z.number().int(),
  /** Its letters by where they stand now. */
  letters: z.object({
    parked: z.number().int(),
    replaying: z.number().int(),
    resolved: z.number().int(),
    discarded: z.number().int(),
  }),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  /** One of its letters died within the last ten minutes. */
  isFailingNow: z.boolean(),
  /** Deaths in each bucket of the list's window, oldest first. */
  series: z.array(z.number().int()),
});
export type FailureCaseDto = z.infer<typeof failureCaseSchema>;

export const caseFilterSchema = z.strictObject({
  /** Left out: open ones, and muted ones whose mute has ended. `all` for any. */
  status: z
    .array(z.enum([...CASE_STATUSES, "all"]))
    .max(4)
    .optional(),
  /** Globs. */
  consumer: z.array(z.string().min(1).max(200)).max(50).optional(),
  type: z.array(z.string().min(1).max(1024)).max(50).optional(),
  /** A name, or `-` for nobody. */
  owner: z.string().max(200).optional(),
  /** Text in the error, the type, the consumer, or the ticket. */
  q: z.string().min(1).max(200).optional(),
  /** Only cases with letters that are parked. */
  parked: z.stringbool().optional(),
});
export type CaseFilter = z.infer<typeof caseFilterSchema>;

const bucketsSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Seconds. */
  step: z.number().int(),
  count: z.number().int(),
});

export const caseListSchema = z.object({
  cases: z.array(failureCaseSchema),
  /** Cases that match, on all pages. */
  total: z.number().int(),
  /** Sums over all that match. */
  parked: z.number().int(),
  failingNow: z.number().int(),
  buckets: bucketsSchema,
  /** Pass it as `offset`; null at the end. */
  nextOffset: z.number().int().nullable(),
  /** Deaths that are not put into their case yet. */
  ungrouped: z.number().int(),
  asOf: asOfSchema,
});
export type CaseListDto = z.infer<typeof caseListSchema>;

export const caseNoteSchema = z.object({ at: z.string(), by: z.string(), text: z.string() });

export const caseDetailSchema = failureCaseSchema.extend({
  buckets: bucketsSchema,
  /** Oldest first. */
  notes: z.array(caseNoteSchema),
  /** Different keys and flows among its parked letters. */
  affectedKeys: boundedCountSchema,
  affectedFlows: boundedCountSchema,
  /** Its parked letters with the most frequent keys. */
  topKeys: z.array(z.object({ key: z.string(), letters: z.number().int() })),
  /** The newest letters, parked ones first. */
  samples: z.array(letterSummarySchema),
  upTo: letterNumberSchema,
  asOf: asOfSchema,
});
export type CaseDetailDto = z.infer<typeof caseDetailSchema>;

/** See server/domain/failures/payload-facts.ts for what a fact is. */
const factSchema = z.looseObject({ kind: z.string() });
const sampleSizeSchema = z.object({ read: z.number().int(), unreadable: z.number().int() });

/** What payloads of failing letters have in common, and those of succeeding deliveries don't. */
export const caseFieldsSchema = z.object({
  fields: z.array(
    z.object({
      /** JSON Pointer; `*` stands for any element of an array. */
      pointer: z.string(),
      fact: factSchema,
      /** Payloads that it is true of. */
      failing: z.number().int(),
      succeeding: z.number().int(),
      separation: z.number(),
      pValue: z.number(),
    }),
  ),
  failing: sampleSizeSchema,
  succeeding: sampleSizeSchema,
  compared: z.number().int(),
  isCut: z.boolean(),
});
export type CaseFieldsDto = z.infer<typeof caseFieldsSchema>;

export const caseChangeSchema = z.strictObject({
  owner: z.string().max(CASE_LIMITS.owner).nullable().optional(),
  ticketUrl: z.string().max(CASE_LIMITS.ticketUrl).nullable().optional(),
});
export type CaseChange = z.infer<typeof caseChangeSchema>;
export const caseMuteSchema = z.strictObject({ until: z.iso.datetime({ offset: true }) });
export const caseNoteInputSchema = z.strictObject({ text: z.string().min(1).max(CASE_LIMITS.note) });
