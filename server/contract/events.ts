import { z } from "zod";
import { EVENT_KINDS, EVENT_SHAPES } from "#server/domain/event.ts";
import { eventSchemaSchema } from "./event-schema.ts";
import { placedProblemSchema } from "./problem.ts";

/** The global order of an event. A decimal string: microseconds since 1970 at which it was recorded, made unique. */
export const positionSchema = z
  .string()
  .regex(/^\d{1,18}$/, "A position is a decimal number, such as 1763779916123456.");

const globs = z.array(z.string().min(1).max(1024)).max(50);

/**
 * What to look for. Repeated values of one field mean "or"; different fields mean "and".
 * `type`, `source` and `subject` take `*` for any run of characters.
 */
export const eventFilterSchema = z.object({
  type: globs.optional(),
  source: globs.optional(),
  subject: globs.optional(),
  kind: z.array(z.enum(EVENT_KINDS)).max(3).optional(),
  correlationid: z.string().min(1).max(1024).optional(),
  /** Recorded at or after this moment (RFC 3339). */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Recorded before this moment (RFC 3339). */
  to: z.iso.datetime({ offset: true }).optional(),
  /** Text to find in the payload, ignoring case. */
  q: z.string().min(1).max(200).optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

export const MAX_PAGE_SIZE = 500;

export const eventSummarySchema = z.object({
  position: positionSchema,
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string().nullable(),
  kind: z.enum(EVENT_KINDS).nullable(),
  /** The producer's clock, as it wrote it. */
  time: z.string().nullable(),
  /** Our clock (RFC 3339, milliseconds). */
  recordedAt: z.string(),
  correlationId: z.string().nullable(),
  causationId: z.string().nullable(),
  partitionKey: z.string().nullable(),
  channel: z.string().nullable(),
  dataContentType: z.string().nullable(),
  /** Bytes of the payload as stored. */
  dataBytes: z.number().int(),
  shape: z.enum(EVENT_SHAPES),
});
export type EventSummaryDto = z.infer<typeof eventSummarySchema>;

/** The payload: JSON and text verbatim, binary as base64. Numbers are never parsed on the way. */
export const eventDataSchema = z.object({
  encoding: z.enum(["none", "json", "text", "base64"]),
  text: z.string(),
});
export type EventDataDto = z.infer<typeof eventDataSchema>;

export const eventDetailSchema = eventSummarySchema.extend({
  dataSchema: z.string().nullable(),
  aggregateType: z.string().nullable(),
  aggregateId: z.string().nullable(),
  aggregateVersion: z.number().int().nullable(),
  traceparent: z.string().nullable(),
  extensions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  data: eventDataSchema,
  /** The event in CloudEvents structured JSON, payload verbatim. */
  envelope: z.string(),
});
export type EventDetailDto = z.infer<typeof eventDetailSchema>;

/** One event as it stands to the schemas of its type. */
export const eventViewSchema = eventDetailSchema.extend({ schema: eventSchemaSchema });
export type EventViewDto = z.infer<typeof eventViewSchema>;

/** Which part of the history an answer rests on: a page that stops early says so instead of looking empty. */
export const searchedSchema = z.object({
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** False when the search stopped at its budget before the end of the range; ask on with `before=nextBefore`. */
  complete: z.boolean(),
});

/** How fresh an answer is: an empty list can be believed because the lag stands beside it. */
export const asOfSchema = z.object({
  position: positionSchema,
  /** Age of the oldest event that waits in the write buffer, milliseconds. */
  ingestLagMs: z.number(),
  /** Events acknowledged a second, mean of the last ten seconds. */
  ingestPerSecond: z.number(),
});
export type AsOfDto = z.infer<typeof asOfSchema>;

export const eventPageSchema = z.object({
  events: z.array(eventSummarySchema.extend({ data: eventDataSchema.optional() })),
  /** Newer-to-older paging: pass it as `before`. Null at the end of the range. */
  nextBefore: positionSchema.nullable(),
  searched: searchedSchema,
  asOf: asOfSchema,
});
export type EventPageDto = z.infer<typeof eventPageSchema>;

export const flowNodeSchema = eventSummarySchema.extend({
  /** The position of the event that caused this one, when it is part of the flow. */
  parent: positionSchema.nullable(),
  depth: z.number().int(),
  /** True when a causation id names an event that this flow does not hold. */
  missingCause: z.boolean(),
});
export type FlowNodeDto = z.infer<typeof flowNodeSchema>;

export const flowSchema = z.object({
  correlationId: z.string(),
  /** Depth first, causes before their effects, siblings by position. */
  nodes: z.array(flowNodeSchema),
  /** True when the flow has more events than are given here; `nodes` then holds its first ones. */
  capped: z.boolean(),
  asOf: asOfSchema,
});
export type FlowDto = z.infer<typeof flowSchema>;

export const FACET_FIELDS = ["type", "source", "kind", "channel"] as const;
export const facetsSchema = z.object({
  field: z.enum(FACET_FIELDS),
  /** Counts are exact for `window`, whose edges are whole hours. */
  window: z.object({ from: z.string(), to: z.string() }),
  values: z.array(z.object({ value: z.string(), count: z.number().int() })),
  capped: z.boolean(),
  asOf: asOfSchema,
});
export type FacetsDto = z.infer<typeof facetsSchema>;

export const rejectionSchema = z.object({
  /** Place of the event in the body, from 0. */
  index: z.number().int(),
  id: z.string().optional(),
  code: z.string(),
  message: z.string(),
  /** What a schema has against it: places in the payload, as JSON Pointers, with the reasons. */
  problems: z.array(placedProblemSchema).optional(),
});
export type RejectionDto = z.infer<typeof rejectionSchema>;

/** The answer to `POST /api/v1/events`, given after the commit. */
export const appendAnswerSchema = z.object({
  accepted: z.number().int(),
  /** Events that were stored before: taken as done, nothing changed. */
  duplicates: z.number().int(),
  /** Events whose identity is taken by one with other content; each stands in `rejected` too. */
  conflicts: z.number().int(),
  rejected: z.array(rejectionSchema),
});
export type AppendAnswerDto = z.infer<typeof appendAnswerSchema>;
