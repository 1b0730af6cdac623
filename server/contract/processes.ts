import { z } from "zod";
import { PROCESS_STATUSES, STEP_STATUSES } from "#server/domain/processes/state.ts";
import { positionSchema } from "./events.ts";

const processNodeSchema = z.discriminatedUnion("kind", [
  z.object({ id: z.string(), kind: z.literal("start"), label: z.string() }),
  z.object({ id: z.string(), kind: z.literal("end"), label: z.string() }),
  z.object({ id: z.string(), kind: z.literal("choice"), label: z.string() }),
  z.object({
    id: z.string(),
    kind: z.literal("step"),
    label: z.string(),
    command: z.string(),
    reply: z.string(),
    refusals: z.array(z.string()),
    compensation: z.string().nullable(),
    timeoutMs: z.number().int(),
    retries: z.number().int(),
  }),
]);

export const processGraphSchema = z.object({
  nodes: z.array(processNodeSchema),
  edges: z.array(z.object({ from: z.string(), to: z.string(), label: z.string().nullable() })),
});

const processSchema = z.object({
  name: z.string(),
  /** The consumer that takes its messages. */
  mediator: z.string(),
  startedBy: z.string(),
  onCompensationFailure: z.enum(["keep-trying", "wait"]),
  graph: processGraphSchema,
  running: z.number().int(),
  compensating: z.number().int(),
  /** Compensations that failed and wait for somebody. */
  openIncidents: z.number().int(),
});
export const processListSchema = z.object({ processes: z.array(processSchema) });
export type ProcessListDto = z.infer<typeof processListSchema>;

const processRunSchema = z.object({
  id: z.string(),
  process: z.string(),
  /** What people know it by, such as an order number. */
  key: z.string(),
  correlationId: z.string(),
  status: z.enum(PROCESS_STATUSES),
  failure: z.object({ step: z.string(), reason: z.string() }).nullable(),
  steps: z.array(
    z.object({
      name: z.string(),
      status: z.enum(STEP_STATUSES),
      attempt: z.number().int(),
      startedAt: z.string(),
      endedAt: z.string().nullable(),
      /** When a reply is given up, or the command is sent again. */
      deadline: z.string().nullable(),
      error: z.string().nullable(),
    }),
  ),
  position: positionSchema,
  startedAt: z.string(),
  updatedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type ProcessRunDto = z.infer<typeof processRunSchema>;

export const processRunPageSchema = z.object({
  runs: z.array(processRunSchema),
  /** Pass it as `before`. Null at the end. */
  nextBefore: positionSchema.nullable(),
});
export type ProcessRunPageDto = z.infer<typeof processRunPageSchema>;

export const processTraceSchema = processRunSchema.extend({
  transitions: z.array(
    z.object({
      kind: z.string(),
      step: z.string().nullable(),
      attempt: z.number().int().nullable(),
      detail: z.string().nullable(),
      at: z.string(),
      /** The event that led to it; null where time or a person did. */
      causePosition: positionSchema.nullable(),
    }),
  ),
  incidents: z.array(
    z.object({
      step: z.string(),
      reason: z.string(),
      raisedAt: z.string(),
      failures: z.number().int(),
      resolvedAt: z.string().nullable(),
      resolvedBy: z.string().nullable(),
    }),
  ),
});
export type ProcessTraceDto = z.infer<typeof processTraceSchema>;

export const compensationDecisionSchema = z.strictObject({
  /** `retry` sends the compensation again; `done` says that somebody took the step back by hand. */
  decision: z.enum(["retry", "done"]),
});
