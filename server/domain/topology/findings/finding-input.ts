import type { RetryPolicy } from "../../retry-policy.ts";
import type { FlowSummary } from "../flow-summary.ts";
import type { ObservedFlow } from "../observed-flow.ts";

/** Everything that findings are made from, about one window. Services and channels are given by the ids of their nodes. */
export type FindingInput = {
  windowMs: number;
  edges: readonly FindingEdge[];
  channels: readonly FindingChannel[];
  emissions: readonly Emissions[];
  consumers: readonly FindingConsumer[];
  /** Merged, one for each flow type. */
  summaries: readonly FlowSummary[];
  /** Samples, newest first. */
  flows: readonly ObservedFlow[];
  /** The most frequent keys of each type. */
  keys: readonly KeyCount[];
  versions: readonly VersionCount[];
  payloads: readonly PayloadShapes[];
};

/** An edge of the graph, for findings to point at. */
export type FindingEdge = { id: string; from: string; to: string; types: readonly string[] };

export type FindingChannel = { node: string; kind: "queue" | "topic" | null };

/** Events of one type that one service emitted in the window. */
export type Emissions = {
  type: string;
  service: string;
  events: number;
  /** How many consumers were owed them: those whose subscriptions took the type, or that reported attempts of it. */
  consumers: number;
  /** Without a correlation id. */
  withoutCorrelation: number;
  /** Of these, the ones that name a cause: what led to them was known. */
  causedWithoutCorrelation: number;
  /** Newest first; of those without a correlation id where there are any. */
  positions: readonly string[];
};

/** A subscription, with what became of it in the window. */
export type FindingConsumer = {
  /** Id of the node. */
  service: string;
  /** Its own name: one node may take events as several consumers. */
  consumer: string;
  /** Milliseconds from when it subscribed to the end of the window. */
  subscribedMs: number;
  isPaused: boolean;
  /** Another program delivers, and reports. */
  isExternal: boolean;
  isOrdered: boolean;
  concurrency: number;
  /** Null where it is not known. */
  retry: RetryPolicy | null;
  /** False where a failure for good leaves no dead letter; null where it is not known. */
  hasDeadLetters: boolean | null;
  /** What it handled, by type. */
  received: readonly ReceivedType[];
  /** Events that wait for it now; null where nobody knows. */
  backlog: number | null;
  /** The most attempts that one event took in the window. */
  mostAttempts: number;
};

export type ReceivedType = {
  type: string;
  /** Attempts that ended. */
  attempts: number;
  failed: number;
  retried: number;
  dead: number;
  /** Milliseconds at work; null without attempts. */
  meanMs: number | null;
  p95Ms: number | null;
};

export type KeyCount = {
  type: string;
  key: string;
  /** Events of the type with this key, and all events of the type. */
  events: number;
  all: number;
  /** Newest first. */
  positions: readonly string[];
};

/** One version of a type: who emits it, and what its consumers make of it. */
export type VersionCount = {
  type: string;
  version: string;
  producers: readonly { service: string; events: number }[];
  /** Events of the version that a consumer handled, and those that it failed at in every attempt so far. */
  consumers: readonly { service: string; handled: number; failed: number; positions: readonly string[] }[];
};

/** Payloads of one type from one service, of which some were looked at. */
export type PayloadShapes = {
  type: string;
  service: string;
  looked: number;
  /** Nothing but identifiers was in these. */
  idOnly: number;
  /** Names of the fields that most of them have. */
  fields: readonly string[];
  /** Newest first. */
  positions: readonly string[];
};
