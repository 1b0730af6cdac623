import { z } from "zod";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import { AWAITED, FAILURE_REASONS, SAGA_STATES } from "#server/domain/sagas/saga.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import { nameSchema } from "./bus.ts";
import { asOfSchema, positionSchema } from "./events.ts";

/** `attention`: stuck and failed ones first, those for which it has lasted longest at the top. */
export const SAGA_SORTS = ["attention", "newest", "oldest", "longest"] as const;
export type SagaSort = (typeof SAGA_SORTS)[number];

export const sagaIdSchema = z.uuid();

/** Which flow: the value that its events share, and where several sagas share it, what one of them is about. */
export const traceReferenceSchema = z.object({
  by: z.enum(CORRELATIONS),
  value: z.string().min(1).max(1024),
  subject: z.string().max(1024).nullable(),
});
export type TraceReference = z.infer<typeof traceReferenceSchema>;

const stepNameSchema = z.object({ key: z.string(), name: z.string() });

const progressSchema = z.object({
  completed: z.number().int(),
  /** Steps there are, as far as that is known: declared, or begun. */
  of: z.number().int(),
  failed: z.number().int(),
  compensated: z.number().int(),
  toCompensate: z.number().int(),
});

export const sagaSchema = z.object({
  id: sagaIdSchema,
  reference: traceReferenceSchema,
  /** The name of its declaration, or the id of its flow type. */
  type: z.string(),
  /** What people call that type. */
  name: z.string(),
  basis: z.enum(TRACE_BASES),
  /** What people know this one by, such as an order number. */
  key: z.string().nullable(),
  state: z.enum(SAGA_STATES),
  since: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** What it waits for; null once it has ended. */
  awaits: z.object({ what: z.enum(AWAITED), step: stepNameSchema }).nullable(),
  /** What failed first, also where that was got over. */
  failure: z.object({ reason: z.enum(FAILURE_REASONS), step: stepNameSchema.nullable() }).nullable(),
  progress: progressSchema,
  events: z.number().int(),
  services: z.number().int(),
});
export type SagaDto = z.infer<typeof sagaSchema>;

export const sagaFilterSchema = z.strictObject({
  state: z.array(z.enum(SAGA_STATES)).max(SAGA_STATES.length).optional(),
  type: z.array(z.string().min(1).max(4096)).max(20).optional(),
  basis: z.array(z.enum(TRACE_BASES)).max(TRACE_BASES.length).optional(),
  /** Key of the step that it waits for. */
  step: z.string().min(1).max(4096).optional(),
  /** The beginning of a business key, of what stands behind its last sign (`123` of `order-123`), or of a correlation. */
  q: z.string().min(1).max(200).optional(),
  /** Started at or after this moment (RFC 3339). */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Started before this moment (RFC 3339). */
  to: z.iso.datetime({ offset: true }).optional(),
});
export type SagaFilter = z.infer<typeof sagaFilterSchema>;

/** Flows that a text names, sagas or not. */
export const foundFlowsSchema = z.object({ flows: z.array(traceReferenceSchema) });
export type FoundFlowsDto = z.infer<typeof foundFlowsSchema>;

/** How far the recogniser is: lists are as old as that. */
export const recognisedSchema = z.object({
  /** Everything recorded until then was looked at. */
  upTo: z.string(),
  /** Milliseconds that the oldest event that was not looked at has waited; 0 where there is none. */
  behindMs: z.number(),
});

export const sagaPageSchema = z.object({
  sagas: z.array(sagaSchema),
  /** Pass it as `after`; null at the end. */
  nextAfter: z.string().nullable(),
  recognised: recognisedSchema,
  asOf: asOfSchema,
});
export type SagaPageDto = z.infer<typeof sagaPageSchema>;

const stateCountsSchema = z.partialRecord(z.enum(SAGA_STATES), z.number().int());

/** How many sagas stand where, exactly. */
export const sagaCountsSchema = z.object({
  types: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      states: stateCountsSchema,
      /** Sagas that have not ended, by the step that they wait for; most first. */
      waiting: z.array(
        z.object({ step: stepNameSchema, state: z.enum(SAGA_STATES), sagas: z.number().int() }),
      ),
    }),
  ),
  states: stateCountsSchema,
  recognised: recognisedSchema,
  asOf: asOfSchema,
});
export type SagaCountsDto = z.infer<typeof sagaCountsSchema>;

const micros = z.number().nullable().describe("Microseconds; null where nothing was measured.");

/** The process map of sagas of one type that began in a window and have ended. */
export const processMapSchema = z.object({
  type: z.string(),
  name: z.string(),
  /** Whole hours. */
  window: z.object({ from: z.string(), to: z.string() }),
  flows: z.number().int(),
  /** Quantiles are off by at most this share of their value. */
  relativeError: z.number(),
  steps: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      service: z.string().nullable(),
      flows: z.number().int(),
      visits: z.number().int(),
      last: z.number().int(),
      compensating: z.number().int(),
      states: z.record(z.string(), z.number().int()),
      medianUs: micros,
      p95Us: micros,
      p99Us: micros,
      /** Sagas that wait here now, whenever they began. */
      waiting: z.number().int(),
      stuck: z.number().int(),
    }),
  ),
  branches: z.array(
    z.object({
      /** Null at the start. */
      from: z.string().nullable(),
      /** Null at the end. */
      to: z.string().nullable(),
      end: z.enum(SAGA_STATES).nullable(),
      flows: z.number().int(),
      times: z.number().int(),
      share: z.number(),
    }),
  ),
  variants: z.array(
    z.object({
      stages: z.array(z.array(z.string())),
      flows: z.number().int(),
      share: z.number(),
      ends: z.record(z.string(), z.number().int()),
      medianUs: micros,
      p95Us: micros,
    }),
  ),
  /** Flows whose variant is not among them, because there were too many. */
  otherFlows: z.number().int(),
  ends: z.record(z.string(), z.number().int()),
  recognised: recognisedSchema,
  asOf: asOfSchema,
});
export type ProcessMapDto = z.infer<typeof processMapSchema>;

export const correlationPathSchema = z.object({
  id: z.number().int(),
  /** A glob of event types. */
  type: z.string(),
  /** Such as `data.order_id`. */
  path: z.string(),
  createdAt: z.string(),
});
export const correlationPathsSchema = z.object({ paths: z.array(correlationPathSchema) });
export type CorrelationPathDto = z.infer<typeof correlationPathSchema>;
export const correlationPathInputSchema = z.strictObject({
  type: z.string().min(1).max(1024),
  path: z.string().min(1).max(1024),
});

/** A dead letter on the way of a trace, and what was done about it. */
const traceLetterSchema = z.object({
  position: positionSchema,
  consumer: nameSchema,
  /** `{position}/{consumer}` names it in `/api/v1/dead-letters`. */
  status: z.enum(["parked", "replaying", "resolved", "discarded"]),
  caseId: z.number().int().nullable(),
  /** Replays that it was in, oldest first. */
  replays: z.array(z.object({ id: z.string(), name: z.string().nullable(), outcome: z.string() })),
});

/** See server/domain/sagas/trace.ts and saga.ts; tables are packed by pack-trace.ts. */
export const traceSchema = z.object({
  reference: traceReferenceSchema,
  /** Null where the flow is no saga that stands in the list. */
  sagaId: sagaIdSchema.nullable(),
  type: z.string(),
  name: z.string(),
  key: z.string().nullable(),
  /** A packed `Trace`: `unpackTrace` reads it. */
  trace: z.looseObject({ version: z.literal(1) }),
  /** A `Saga`. */
  saga: z.looseObject({ state: z.enum(SAGA_STATES) }),
  /** More events were recorded than are given: the first ones are. */
  isCapped: z.boolean(),
  /** The same correlation holds these sagas as well: what they are about. Empty where it holds one. */
  subjects: z.array(z.string()),
  /** Events of the correlation that belong to none of its sagas. */
  unassigned: z.number().int(),
  letters: z.array(traceLetterSchema),
  /** The run of a declared process that this is. */
  run: z.object({ process: z.string(), id: z.string() }).nullable(),
  asOf: asOfSchema,
});
export type TraceDto = z.infer<typeof traceSchema>;
export type TraceLetterDto = z.infer<typeof traceLetterSchema>;

/** A `TraceComparison`, see server/domain/sagas/compare-traces.ts, with both traces. */
export const traceComparisonSchema = z.object({
  left: traceSchema,
  right: traceSchema,
  comparison: z.looseObject({}),
});
export type TraceComparisonDto = z.infer<typeof traceComparisonSchema>;

export const SEQUENCE_FORMATS = ["mermaid"] as const;

/** The hint's topic when sagas changed. */
export const SAGAS_TOPIC = "sagas";
