import { z } from "zod";
import { asOfSchema, eventDetailSchema, positionSchema, searchedSchema } from "./events.ts";

const version = z.number().int().min(0).max(2_147_483_647);

/** The answer to an append, given after the commit; a repeat gets the answer of the first. */
export const streamAppendAnswerSchema = z.object({
  type: z.string(),
  id: z.string(),
  /** The version of the last event of this append. */
  version,
  events: z.array(z.object({ id: z.string(), version, position: positionSchema })),
  /** True when the same append was stored before. */
  repeated: z.boolean(),
});
export type StreamAppendAnswerDto = z.infer<typeof streamAppendAnswerSchema>;

export const streamSchema = z.object({
  type: z.string(),
  id: z.string(),
  /** The highest version. */
  version,
  firstVersion: version,
  events: z.number().int(),
  /** Versions between 1 (or the first one) and the highest of which no event is known. */
  missing: z.number().int(),
  /** Events whose version another event of the stream has too. */
  duplicates: z.number().int(),
  /** Events that were observed in what others sent, not appended here. */
  observed: z.number().int(),
  lastPosition: positionSchema,
  /** When the last event was recorded. */
  lastEventAt: z.string(),
});
export type StreamDto = z.infer<typeof streamSchema>;

export const streamPageSchema = z.object({
  /** The one that changed last comes first. */
  streams: z.array(streamSchema),
  /** Pass it as `before`. Null at the end. */
  nextBefore: positionSchema.nullable(),
  searched: searchedSchema,
  asOf: asOfSchema,
});
export type StreamPageDto = z.infer<typeof streamPageSchema>;

export const streamProblemSchema = z.discriminatedUnion("kind", [
  /** No event is known of these versions. */
  z.object({ kind: z.literal("gap"), from: version, to: version }),
  /** Several events have this version. */
  z.object({ kind: z.literal("duplicate"), version }),
]);

export const streamEventsSchema = z.object({
  stream: streamSchema,
  /** In the order of versions; events that share one in the order of positions. */
  events: z.array(eventDetailSchema.extend({ version })),
  /** Where versions on this page are missing or stand twice. */
  problems: z.array(streamProblemSchema),
  /** Where the next page begins; null when this one reaches the end of the range. */
  next: z.object({ fromVersion: version, afterPosition: positionSchema }).nullable(),
});
export type StreamEventsDto = z.infer<typeof streamEventsSchema>;

export const MAX_STREAM_PAGE = 1_000;

export const streamStateSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("built"),
    version,
    /** JSON. */
    state: z.string(),
    /** The state at the version before, as JSON; null at the first one. */
    before: z.string().nullable(),
  }),
  /** This program doesn't know how the events of such an aggregate add up. */
  z.object({ kind: z.literal("unknown") }),
  /** It does, but these events don't: versions are missing, stand twice, or have an unknown type. */
  z.object({ kind: z.literal("unbuildable"), reason: z.string() }),
]);
export type StreamStateDto = z.infer<typeof streamStateSchema>;
