import { z } from "zod";
import { FINDING_KINDS, SEVERITIES } from "../domain/topology/findings/finding.ts";
import {
  EVIDENCE_KINDS,
  EVIDENCE_SIDES,
  FLOW_WAYS,
  STAGE_RELATIONS,
  VERDICTS,
} from "../domain/topology/verdict.ts";

/** A `service` both consumes and produces; a `mediator` is a service that directs others. */
export const TOPOLOGY_NODE_KINDS = [
  "producer",
  "channel",
  "consumer",
  "service",
  "mediator",
  "store",
] as const;
export const TOPOLOGY_EDGE_KINDS = ["publishes", "subscribes", "commands", "replies"] as const;
export const NODE_STATES = ["active", "silent", "failing", "paused", "removed"] as const;

export type { Verdict } from "../domain/topology/verdict.ts";

const milliseconds = z.number().nullable().describe("Milliseconds; null where nothing was measured.");

const windowSchema = z.object({
  /** Whole minutes, or whole hours where the window is longer than a day. */
  from: z.string(),
  to: z.string(),
});

const observedSchema = {
  window: windowSchema,
  /** What was recorded until then is counted; null as long as no counting has begun. */
  asOf: z.string().nullable(),
};

/**
 * Counts in the window are exact; percentiles are off by at most `relativeError` of their value.
 *
 * What is counted and timed: for `publishes`, events, and the time since the event that led to each; for `subscribes`,
 * attempts that ended, and the time from the event's own time until it was handled, in the share of each channel where
 * a consumer takes events from several; for what a node `received`, attempts, and how long they took; for `commands`,
 * commands that came to a service, timed as for `subscribes`; for `replies`, events, timed as for `publishes`.
 */
const trafficSchema = z.object({
  count: z.number().int(),
  perSecond: z.number(),
  /** Attempts that failed. */
  failed: z.number().int(),
  /** `failed` of all attempts, from 0 to 1; null without attempts. */
  failureRate: z.number().nullable(),
  retried: z.number().int(),
  dead: z.number().int(),
  p50Ms: milliseconds,
  p95Ms: milliseconds,
  /** To the minute for deliveries. */
  lastSeenAt: z.string().nullable(),
});
export type TrafficDto = z.infer<typeof trafficSchema>;

export const topologyNodeSchema = z.object({
  /**
   * `service:shipping`, `channel:orders`, or `type:order.shipped` for a channel that stands for a type: the same in every
   * window. A service is named after a consumer; after a source as long as none is known to be one with it.
   */
  id: z.string(),
  kind: z.enum(TOPOLOGY_NODE_KINDS),
  label: z.string(),
  /** What it belongs to, by the names that its services share; null where they share none. */
  group: z.string().nullable(),
  state: z.enum(NODE_STATES),
  /** Sources that it emits events under. */
  sources: z.array(z.string()),
  /** Consumers that it takes events as. */
  consumers: z.array(z.string()),
  /** A channel that has been set up, or a consumer that is subscribed; false for a channel that stands for a type. */
  isDeclared: z.boolean(),
  /** Events that it emitted; for a channel, that travelled it. */
  published: z.number().int(),
  /** Attempts to hand events to it; null for a channel and a producer. */
  received: trafficSchema.nullable(),
  /** Events that wait for it now, counted up to 1,000 a consumer; null where that isn't known, or not asked about. */
  backlog: z.number().int().nullable(),
});
export type TopologyNodeDto = z.infer<typeof topologyNodeSchema>;

/**
 * `publishes` leads from a service to a channel, `subscribes` from a channel to a service. `commands` and `replies` are
 * there beside them, between a mediator and the service of a step.
 */
export const topologyEdgeSchema = trafficSchema.extend({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(TOPOLOGY_EDGE_KINDS),
  /** Most frequent first. */
  types: z.array(z.object({ type: z.string(), count: z.number().int() })),
});
export type TopologyEdgeDto = z.infer<typeof topologyEdgeSchema>;

export const topologySchema = z.object({
  ...observedSchema,
  /** The `id` of a flow type, of whose flows alone the events are; null for the whole system. */
  flowType: z.string().nullable(),
  /**
   * Of a flow type, the flows that began in the window, and those that were examined once they had come to rest: their
   * events alone are counted. `seen` is an estimate where very many began. Null for the whole system.
   */
  flows: z.object({ seen: z.number().int(), examined: z.number().int() }).nullable(),
  relativeError: z.number(),
  nodes: z.array(topologyNodeSchema),
  edges: z.array(topologyEdgeSchema),
  /** More nodes or edges were seen than are given: the busiest are. */
  isCapped: z.boolean(),
});
export type TopologyDto = z.infer<typeof topologySchema>;

const evidenceSchema = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  speaksFor: z.enum(EVIDENCE_SIDES),
  /** Ids of nodes. */
  nodes: z.array(z.string()),
  numbers: z.record(z.string(), z.number()),
});
export type EvidenceDto = z.infer<typeof evidenceSchema>;

const judgementSchema = z.object({
  verdict: z.enum(VERDICTS),
  /**
   * From 0 to 1: how sure the verdict is, by the number of flows and the distance from the border. 0 where there is too
   * little evidence.
   */
  confidence: z.number(),
  flows: z.number().int(),
  evidence: z.array(evidenceSchema),
});
export type JudgementDto = z.infer<typeof judgementSchema>;

/** A mediator's steps as they were seen, not as they were declared. */
const mediatedStepSchema = z.object({
  /** Id of the node that does the step. */
  node: z.string(),
  command: z.string(),
  /** Types of the replies, most frequent first. */
  replies: z.array(z.string()),
  flows: z.number().int(),
  /** It was seen only after a failure, and in reverse order. */
  isCompensation: z.boolean(),
  p50Ms: milliseconds,
  p95Ms: milliseconds,
});
export type MediatedStepDto = z.infer<typeof mediatedStepSchema>;

const mediationSchema = z.object({
  /** Id of the mediator's node. */
  node: z.string(),
  /** In order. The steps of one stage ran side by side (`parallel`), or one instead of the other (`alternative`). */
  stages: z.array(z.object({ relation: z.enum(STAGE_RELATIONS), steps: z.array(mediatedStepSchema) })),
});
export type MediationDto = z.infer<typeof mediationSchema>;

export const flowTypeSchema = z.object({
  /**
   * For `flowType` of a query: two services may start flows with the same type, and flows of one beginning may run in
   * two ways. The same in every window.
   */
  id: z.string(),
  /** The type of the event that its flows start with. */
  type: z.string(),
  /** The service that starts them: the id of its node. */
  startedBy: z.string(),
  /** How most of its flows ran: whether a service at their beginning got answers to what it sent, and went on. */
  way: z.enum(FLOW_WAYS),
  group: z.string().nullable(),
  judgement: judgementSchema,
  mediations: z.array(mediationSchema),
  /** Newest first. */
  examples: z.array(z.object({ correlationId: z.string(), startedAt: z.string() })),
});
export type FlowTypeDto = z.infer<typeof flowTypeSchema>;

export const verdictsSchema = z.object({
  ...observedSchema,
  whole: judgementSchema,
  /** Most flows first. */
  flowTypes: z.array(flowTypeSchema),
  /** Flows that began in the window, an estimate where very many did, and those that were examined one by one. */
  flows: z.object({ seen: z.number().int(), examined: z.number().int() }),
});
export type VerdictsDto = z.infer<typeof verdictsSchema>;

export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum(FINDING_KINDS),
  severity: z.enum(SEVERITIES),
  /** Ids of the nodes and edges that it is about. */
  nodes: z.array(z.string()),
  edges: z.array(z.string()),
  types: z.array(z.string()),
  numbers: z.record(z.string(), z.number()),
  /** Names that the words need, such as a key or a version. */
  names: z.record(z.string(), z.string()),
  /** Flows that prove it, newest first. */
  flows: z.array(z.string()),
  /** Events that prove it where they belong to no flow, newest first. */
  positions: z.array(z.string()),
});
export type FindingDto = z.infer<typeof findingSchema>;

export const findingsSchema = z.object({
  ...observedSchema,
  /** Most harmful first. */
  findings: z.array(findingSchema),
});
export type FindingsDto = z.infer<typeof findingsSchema>;

export const CHANGE_KINDS = ["appeared", "vanished", "slower", "faster", "failing", "recovered"] as const;

export const topologyChangeSchema = z.object({
  subject: z.enum(["node", "edge"]),
  id: z.string(),
  /** Most important first. */
  changes: z.array(z.enum(CHANGE_KINDS)).min(1),
  before: trafficSchema.nullable(),
  after: trafficSchema.nullable(),
});

export type TopologyChangeDto = z.infer<typeof topologyChangeSchema>;

/**
 * Two windows side by side. What had no traffic in a window was not there, even where it stands in its graph. Slower and
 * faster is said of the 95th percentile, where both windows have twenty events at least.
 */
export const topologyComparisonSchema = z.object({
  before: topologySchema,
  after: topologySchema,
  changes: z.array(topologyChangeSchema),
});
export type TopologyComparisonDto = z.infer<typeof topologyComparisonSchema>;

export const TOPOLOGY_FORMATS = ["mermaid", "asyncapi"] as const;
