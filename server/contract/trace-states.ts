import { z } from "zod";
import { asOfSchema, positionSchema } from "./events.ts";
import { traceReferenceSchema } from "./sagas.ts";
import { streamStateSchema } from "./streams.ts";

/** Why it is not known what a read model showed at a moment. */
export const UNKNOWN_VIEWS = [
  /** How far it had come by then is kept no more, or it wasn't there yet. */
  "progress-not-kept",
  /** It was built by other code then. */
  "other-version",
  /** Its rows depend on more than one aggregate. */
  "not-by-aggregate",
  "too-many-events",
  /** What was recorded last is not among the events of the aggregate yet; look again in a moment. */
  "streams-behind",
  /** An event doesn't hold what the read model is built from. */
  "unreadable-event",
] as const;

/** What a read model shows of one aggregate at a moment, and what it has yet to take. */
const readModelAtSchema = z.object({
  projection: z.string(),
  aggregate: z.object({ type: z.string(), id: z.string() }),
  /** The last event recorded by then that it takes; null where there was none. */
  eventPosition: positionSchema.nullable(),
  /** It had applied everything up to here by then; null where that is not known. */
  appliedPosition: positionSchema.nullable(),
  /** Events recorded by then that it had not applied; null where that is not known. */
  waiting: z.number().int().nullable(),
  /** How long the oldest of them had waited; 0 where none had, null where that is not known. */
  lagMs: z.number().nullable(),
  /** When that last event came to be shown, microseconds since 1970; null where it isn't, or that is not known. */
  appliedUs: z.number().nullable(),
  shown: z.discriminatedUnion("kind", [
    /** `state` is JSON. */
    z.object({ kind: z.literal("shown"), version: z.number().int(), state: z.string() }),
    /** It doesn't hold the aggregate. */
    z.object({ kind: z.literal("nothing") }),
    z.object({ kind: z.literal("unknown"), reason: z.enum(UNKNOWN_VIEWS) }),
  ]),
});
export type ReadModelAtDto = z.infer<typeof readModelAtSchema>;

/** An aggregate as the events that were recorded by a moment left it, whatever was shown of it. */
const aggregateAtSchema = z.object({
  type: z.string(),
  id: z.string(),
  /** The highest version recorded by then, and the last event; null where there was none. */
  version: z.number().int().nullable(),
  position: positionSchema.nullable(),
  state: z.discriminatedUnion("kind", [
    ...streamStateSchema.options,
    /** No event of it was recorded by then. */
    z.object({ kind: z.literal("none") }),
    /** As of read models: `too-many-events` or `streams-behind`. */
    z.object({ kind: z.literal("unread"), reason: z.enum(UNKNOWN_VIEWS) }),
  ]),
});
export type AggregateAtDto = z.infer<typeof aggregateAtSchema>;

/** What the aggregates of a flow were at a moment, and what read models showed of them. */
export const traceStatesSchema = z.object({
  reference: traceReferenceSchema,
  /** Microseconds since 1970. */
  atUs: z.number(),
  /** Those of the flow's events, and those that read models show under the key of the saga. */
  aggregates: z.array(aggregateAtSchema),
  readModels: z.array(readModelAtSchema),
  /** There are more aggregates: the first are given. */
  isCapped: z.boolean(),
  asOf: asOfSchema,
});
export type TraceStatesDto = z.infer<typeof traceStatesSchema>;
