import { z } from "zod";
import { FAULT_CHOICES, FAULT_ERROR_KINDS, NO_FAULT } from "#server/domain/fault-injection.ts";
import { nameSchema } from "./bus.ts";
import { processGraphSchema } from "./processes.ts";

export const SCENARIO_NAMES = [
  "orders-broker",
  "orders-mediator",
  "orders-sync",
  "orders-saga",
  "orders-events",
  "sensors",
  "notifications",
  "trading",
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** Failures that tell a story. */
export const PRESET_NAMES = [
  "mail-is-slow",
  "bad-address",
  "mail-takes-longer",
  "stock-is-down",
  "payment-is-down",
  "told-twice",
  "answers-get-lost",
  "calls-get-no-answer",
  "out-of-order",
  "mediator-is-down",
  "router-is-down",
  "read-model-falls-behind",
  "read-model-is-stuck",
  "desk-is-down",
  "detector-is-slow",
  "machine-sends-rubbish",
  "sms-is-down",
  "chat-is-slow",
  "risk-is-down",
  "trades-overtake",
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const share = z.number().min(0).max(1);

const faultFields = {
  failureRate: share,
  errorKind: z.enum(FAULT_ERROR_KINDS),
  /** Milliseconds. */
  latencyMs: z.number().int().min(0).max(60_000),
  isDown: z.boolean(),
  /** The key of the messages that fail for good, such as customer-7. */
  poisonKey: z.string().min(1).max(200).nullable(),
  duplicateRate: share,
  reorderRate: share,
  lostReplyRate: share,
};

export const faultSchema = z.object(faultFields);

export const faultInputSchema = z.strictObject({
  failureRate: faultFields.failureRate.default(NO_FAULT.failureRate),
  errorKind: faultFields.errorKind.default(NO_FAULT.errorKind),
  latencyMs: faultFields.latencyMs.default(NO_FAULT.latencyMs),
  isDown: faultFields.isDown.default(NO_FAULT.isDown),
  poisonKey: faultFields.poisonKey.default(NO_FAULT.poisonKey),
  duplicateRate: faultFields.duplicateRate.default(NO_FAULT.duplicateRate),
  reorderRate: faultFields.reorderRate.default(NO_FAULT.reorderRate),
  lostReplyRate: faultFields.lostReplyRate.default(NO_FAULT.lostReplyRate),
  /** After so many seconds it ends by itself; null keeps it until it is taken away. */
  seconds: z.number().int().min(1).max(3_600).nullable().default(60),
});
export type FaultInput = z.infer<typeof faultInputSchema>;

const SCENARIO_NODE_KINDS = ["producer", "channel", "consumer", "mediator", "service", "store"] as const;

/** Who something can go wrong for: who is told by the bus, who is called, who directs, and what is read. */
const SCENARIO_PART_KINDS = ["consumer", "called", "mediator", "projection"] as const;

const scenarioGraphSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(SCENARIO_NODE_KINDS),
      label: z.string(),
      /** Its name on the bus; null for what has none. */
      consumer: z.string().nullable(),
      isOptional: z.boolean(),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /** Types of what goes this way. */
      types: z.array(z.string()),
      /** Whoever it comes from waits for an answer. */
      isCall: z.boolean(),
    }),
  ),
});
export type ScenarioGraphDto = z.infer<typeof scenarioGraphSchema>;

const scenarioServiceSchema = z.object({
  name: z.string(),
  kind: z.enum(SCENARIO_PART_KINDS),
  /** Its name on the bus; null for a service that is called, and for a read model. */
  consumer: nameSchema.nullable(),
  takes: z.array(z.string()),
  isOptional: z.boolean(),
  /** An optional service can be off while its system runs. */
  isOn: z.boolean(),
  /** What can go wrong for it. */
  faults: z.array(z.enum(FAULT_CHOICES)),
  fault: faultSchema.extend({ preset: z.string().nullable(), endsAt: z.string().nullable() }).nullable(),
});

export type ScenarioServiceDto = z.infer<typeof scenarioServiceSchema>;

export const scenarioSchema = z.object({
  name: z.enum(SCENARIO_NAMES),
  runningSince: z.string().nullable(),
  /** Units of traffic a second, such as orders. */
  rate: z.number(),
  maxRate: z.number(),
  /** Since it was first started, or since its data was removed. */
  produced: z.number().int(),
  sourcePrefix: z.string(),
  /** The type of an event that shows that all goes well; null where no single one does. */
  effect: z.string().nullable(),
  /** The type of the aggregates that are stored as their events; null where none are. */
  aggregateType: z.string().nullable(),
  services: z.array(scenarioServiceSchema),
  presets: z.array(
    z.object({
      name: z.enum(PRESET_NAMES),
      service: z.string(),
      seconds: z.number().int(),
      /** When it ends, while it is in force. */
      endsAt: z.string().nullable(),
    }),
  ),
  graph: scenarioGraphSchema,
  /** What its mediator does, drawn; null where there is none. */
  process: z.object({ name: z.string(), graph: processGraphSchema }).nullable(),
});
export type ScenarioDto = z.infer<typeof scenarioSchema>;

export const scenarioListSchema = z.object({ scenarios: z.array(scenarioSchema) });
export type ScenarioListDto = z.infer<typeof scenarioListSchema>;

export const scenarioRateSchema = z.strictObject({ rate: z.number().min(0.1).max(10_000) });
export const optionalServiceSchema = z.strictObject({ isOn: z.boolean() });

export const removeDataInputSchema = z.strictObject({
  /** Only say what would be removed. */
  dryRun: z.boolean().default(false),
  /** From the dry run's answer: what somebody has agreed to. */
  confirm: z.string().max(200).optional(),
});
export type RemoveDataInput = z.infer<typeof removeDataInputSchema>;

export const removeDataAnswerSchema = z.object({
  events: z.number().int(),
  deliveries: z.number().int(),
  attempts: z.number().int(),
  processes: z.number().int(),
  subscriptions: z.number().int(),
  channels: z.number().int(),
  streams: z.number().int(),
  done: z.boolean(),
  confirm: z.string(),
});
export type RemoveDataAnswerDto = z.infer<typeof removeDataAnswerSchema>;
