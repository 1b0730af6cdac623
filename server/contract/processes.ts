import { z } from "zod";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { ACTION_WARNINGS } from "#server/domain/processes/preview-action.ts";
import { ACTION_REFUSALS, RUN_ACTIONS } from "#server/domain/processes/run-action.ts";
import { PROCESS_STATUSES, STEP_STATUSES } from "#server/domain/processes/state.ts";
import { nameSchema } from "./bus.ts";
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
  onStepFailure: z.enum(["compensate", "wait"]),
  graph: processGraphSchema,
  running: z.number().int(),
  compensating: z.number().int(),
  /** Steps and compensations that failed and wait for somebody. */
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
  /** Counts what happened to it; an action says which one it was decided upon. */
  version: z.number().int(),
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

const phaseSchema = z.enum(["do", "undo"]).describe("The step's command, or the one that takes it back.");

export const runActionOfferSchema = z.object({
  action: z.enum(RUN_ACTIONS),
  /** The steps that it can be about; empty where it is about the whole run. */
  steps: z.array(z.object({ step: z.string(), phase: phaseSchema })),
  /** Why it is not possible; null where it is. */
  refusal: z.enum(ACTION_REFUSALS).nullable(),
});
export type RunActionOfferDto = z.infer<typeof runActionOfferSchema>;

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
      /** The person who did it, or had it done; null where the mediator did by itself. */
      actor: z.string().nullable(),
    }),
  ),
  actions: z.array(runActionOfferSchema),
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

/** The runs that declared processes have in one flow; one for each process at most. */
export const flowRunsSchema = z.object({ runs: z.array(processTraceSchema) });
export type FlowRunsDto = z.infer<typeof flowRunsSchema>;

const MAX_REASON = 1_000;
const stepName = z.string().min(1).max(200);
const reasonSchema = z.string().trim().min(1).max(MAX_REASON);
const deciding = {
  /** The version that the run was at when this was decided. */
  expectedVersion: z.number().int().min(0).optional(),
  /** Only says what would happen; the reason and the version may be left out then. */
  dryRun: z.boolean().default(false),
};

export const runActionInputSchema = z
  .discriminatedUnion("action", [
    z.strictObject({
      action: z.literal("retry"),
      /** May be left out where only one step can be meant. */
      step: stepName.optional(),
      /** Sends the command under another idempotency key, so that a service which knows the old one does it again. */
      newKey: z.boolean().default(false),
      reason: reasonSchema.optional(),
      ...deciding,
    }),
    z.strictObject({
      action: z.literal("skip"),
      /** May be left out where only one step can be meant. */
      step: stepName.optional(),
      /** The payload that the step counts as answered with; later steps read it. */
      reply: z.unknown().optional(),
      reason: reasonSchema.optional(),
      ...deciding,
    }),
    z.strictObject({ action: z.literal("compensate"), reason: reasonSchema.optional(), ...deciding }),
    z.strictObject({ action: z.literal("cancel"), reason: reasonSchema.optional(), ...deciding }),
  ])
  .refine(({ dryRun, expectedVersion }) => dryRun || expectedVersion !== undefined, {
    path: ["expectedVersion"],
    message: "Say which version of the run this was decided upon, or ask with dryRun first.",
  })
  .refine(({ action, dryRun, reason }) => dryRun || action === "retry" || reason !== undefined, {
    path: ["reason"],
    message: "Say why.",
  });
export type RunActionInput = z.input<typeof runActionInputSchema>;
export type ParsedRunAction = z.output<typeof runActionInputSchema>;

export const actionPreviewSchema = z.object({
  from: z.enum(PROCESS_STATUSES),
  to: z.enum(PROCESS_STATUSES),
  /** Steps that stand otherwise afterwards; `from` is null for those that begin. */
  changes: z.array(
    z.object({
      step: z.string(),
      from: z.enum(STEP_STATUSES).nullable(),
      to: z.enum(STEP_STATUSES),
    }),
  ),
  /** Sent at once. */
  commands: z.array(
    z.object({
      id: z.string(),
      step: z.string(),
      phase: phaseSchema,
      attempt: z.number().int(),
      idempotencyKey: z.string(),
      type: z.string(),
      channel: z.string().nullable(),
      data: z.unknown(),
      /** How long its reply is waited for. */
      timeoutMs: z.number().int(),
      /** How often it is sent again by itself when none comes. */
      retriesLeft: z.number().int(),
    }),
  ),
  /** All that is taken back from now on, in this order. */
  compensations: z.array(z.object({ step: z.string(), command: z.string() })),
  /** Steps that were done, or may have been, and are not taken back. */
  staysDone: z.array(z.object({ step: z.string(), isCertain: z.boolean() })),
  /** What will read the reply of the step that is skipped, and whether it can't do without. */
  replyReaders: z.array(
    z.object({ kind: z.enum(["step", "compensation", "choice"]), name: z.string(), isNeeded: z.boolean() }),
  ),
  warnings: z.array(z.object({ code: z.enum(ACTION_WARNINGS), step: z.string() })),
  /** Type of the event that tells of the end. */
  says: z.string().nullable(),
});
export type ActionPreviewDto = z.infer<typeof actionPreviewSchema>;

/** A dead letter with a command: `{position}/{consumer}` names it in `/api/v1/dead-letters`. */
const commandLetterSchema = z.object({
  position: positionSchema,
  consumer: nameSchema,
  status: z.enum(DEAD_LETTER_STATUSES),
});
export type CommandLetterDto = z.infer<typeof commandLetterSchema>;

export const runActionAnswerSchema = z.discriminatedUnion("kind", [
  /** What would happen to the run at this version. */
  z.object({
    kind: z.literal("preview"),
    version: z.number().int(),
    preview: actionPreviewSchema,
    /** Where commands lie that were sent before for the step that it is about; newest first. */
    letters: z.array(commandLetterSchema),
  }),
  z.object({ kind: z.literal("done"), preview: actionPreviewSchema, run: processTraceSchema }),
  /** The same was asked for before, and done once. */
  z.object({ kind: z.literal("repeated"), run: processTraceSchema }),
]);
export type RunActionAnswerDto = z.infer<typeof runActionAnswerSchema>;

export const compensationDecisionSchema = z.strictObject({
  /** `retry` sends the compensation again; `done` says that somebody took the step back by hand. */
  decision: z.enum(["retry", "done"]),
});
