import { z } from "zod";
import { DELIVERY_STATUSES } from "#server/domain/delivery.ts";
import { ERROR_KINDS } from "#server/domain/error-record.ts";
import { REPORTED_OUTCOMES } from "#server/domain/reported-attempts.ts";
import { nameSchema } from "./bus.ts";
import { asOfSchema, positionSchema, rejectionSchema } from "./events.ts";

export const ATTEMPT_OUTCOMES = [
  "succeeded",
  /** It failed; whether another attempt follows, the delivery's status says. */
  "failed",
  /** No outcome within the subscription's timeout. */
  "timed-out",
  /** The worker was lost, so nobody knows how it ended. */
  "interrupted",
  /** Reported as started, and not yet as ended. */
  "running",
] as const;

export const attemptSchema = z.object({
  /** Counts the rewinds and replays; attempts are numbered anew in each. */
  generation: z.number().int(),
  attempt: z.number().int(),
  outcome: z.enum(ATTEMPT_OUTCOMES),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  error: z.looseObject({ kind: z.enum(ERROR_KINDS), name: z.string(), message: z.string() }).nullable(),
});
export type AttemptDto = z.infer<typeof attemptSchema>;

export const deliverySchema = z.object({
  /** Null while it waits for whichever of the competing consumers takes it. */
  consumer: nameSchema.nullable(),
  /** The consumers of a queue of which one will take it. */
  competing: z.array(nameSchema),
  channel: nameSchema.nullable(),
  status: z.enum(DELIVERY_STATUSES),
  generation: z.number().int(),
  /** Deliveries that were skipped since the event had been handled before. */
  duplicates: z.number().int(),
  nextAttemptAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  /** Oldest first, earlier generations included. */
  attempts: z.array(attemptSchema),
  /** The subscription was deleted since. */
  isEnded: z.boolean(),
});
export type DeliveryDto = z.infer<typeof deliverySchema>;

export const deliveryListSchema = z.object({
  position: positionSchema,
  /** Only where something is known: a consumer that started later, or of which nothing was reported, is not listed. */
  deliveries: z.array(deliverySchema),
  asOf: asOfSchema,
});
export type DeliveryListDto = z.infer<typeof deliveryListSchema>;

export const failedDeliverySchema = z.object({
  position: positionSchema,
  type: z.string(),
  status: z.enum(["retrying", "dead"]),
  nextAttemptAt: z.string().nullable(),
  /** The newest that is known; null where nothing was recorded of it. */
  lastAttempt: attemptSchema.nullable(),
});

export const failedDeliveryListSchema = z.object({
  /** Deliveries that wait for a retry or are dead, newest event first. */
  failures: z.array(failedDeliverySchema),
  /** There are more than these. */
  capped: z.boolean(),
  asOf: asOfSchema,
});
export type FailedDeliveryListDto = z.infer<typeof failedDeliveryListSchema>;

const moment = z.iso.datetime({ offset: true });

/** What a system with its own delivery says of one attempt. */
export const attemptReportSchema = z.strictObject({
  source: z.string().min(1).max(1024),
  id: z.string().min(1).max(1024),
  consumer: nameSchema,
  /** Where the consumer listens; counts when it is heard of for the first time. */
  channel: nameSchema.optional(),
  attempt: z.int().min(1).max(1_000_000).default(1),
  startedAt: moment.optional(),
  endedAt: moment.optional(),
  outcome: z.enum(REPORTED_OUTCOMES),
  error: z
    .union([
      z.string().max(100_000),
      z.looseObject({
        name: z.string().optional(),
        message: z.string(),
        code: z.string().optional(),
        stack: z.string().optional(),
      }),
    ])
    .optional(),
});
export type AttemptReport = z.infer<typeof attemptReportSchema>;

export const MAX_REPORTS = 1_000;

/** Each report is judged by itself, so that a bad one loses none of the others. */
export const attemptReportsSchema = z.union([
  z.array(z.unknown()).min(1).max(MAX_REPORTS),
  z
    .strictObject({ reports: z.array(z.unknown()).min(1).max(MAX_REPORTS) })
    .transform(({ reports }) => reports),
]);

export const attemptReportsAnswerSchema = z.object({
  /** Reports that were taken, whether or not they said anything new. */
  accepted: z.number().int(),
  rejected: z.array(rejectionSchema),
});
export type AttemptReportsAnswerDto = z.infer<typeof attemptReportsAnswerSchema>;
