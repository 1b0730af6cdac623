import type { PresetName, ScenarioName } from "#server/contract/scenarios.ts";
import type { SchemaInput } from "#server/contract/schemas.ts";
import type { Aggregate } from "#server/domain/aggregate.ts";
import type { CHANNEL_KINDS } from "#server/domain/channel-routing.ts";
import type { EventEnvelope, EventKind } from "#server/domain/event.ts";
import type { Fault } from "#server/domain/fault-injection.ts";
import type { Ordering } from "#server/domain/ordering.ts";
import type { ProcessDefinition, ProcessMediator } from "#server/domain/processes/definition.ts";
import type { RetryPolicy } from "#server/domain/retry-policy.ts";
import type { Projection } from "../projections/projection.ts";
import type { Decision, UpdateOutcome } from "../streams/repository.ts";

/** A message as a service of a sample system reads it. */
export type SampleMessage = {
  type: string;
  /** What it is about, such as an order. */
  key: string;
  data: Record<string, unknown>;
  /** What led to it. */
  event: Pick<EventEnvelope, "id" | "correlationId" | "partitionKey">;
};

/** What a service can do with a message: all of it in one transaction. */
export type SampleWork = {
  /**
   * Writes into the service's own database that something was done for the key. False: it was done before. A service
   * that asks first may be told the same twice.
   */
  once: (effect: string) => Promise<boolean>;
  /** Adds to a number in the service's own database, which begins at nothing, and gives what it is then. */
  add: (name: string, amount: number) => Promise<number>;
  /** Keeps something under a name in the service's own database, in place of what was kept there before. */
  remember: (name: string, document: object) => Promise<void>;
  /** What was kept under a name; null for nothing. */
  recall: (name: string) => Promise<unknown>;
  /** Rebuilds an aggregate from its stream and appends what is decided, once however often it is told. */
  update: <State, Events>(
    aggregate: Aggregate<State, Events>,
    id: string,
    decide: (state: State) => Decision<Events>,
  ) => Promise<UpdateOutcome<State>>;
  /** Says what happened. */
  emit: (type: string, data: object) => Promise<void>;
  /** Sends a command: somebody is to do it. */
  tell: (type: string, data: object) => Promise<void>;
};

export type ServeMessage = (message: SampleMessage, work: SampleWork) => Promise<void>;

export type SampleService = {
  name: string;
  /** Types of the messages that it takes, or requests where it is called. */
  takes: readonly string[];
  /** Types of the events and commands that it publishes. */
  emits: readonly string[];
  /** The channel of the system that it listens to; null takes what comes from anywhere in the system. */
  channel: string | null;
  /** Not there at first: it can be added and removed while the system runs. */
  isOptional?: boolean;
  /** It directs the others, and is drawn so. */
  isMediator?: boolean;
  /** Hands over events in the newest version of their schema. */
  reads?: "newest";
  ordering?: Ordering;
  /** How many messages it works on at once, where not as many as most. */
  concurrency?: number;
  /** How long a message that it can't take is kept for it, where not as long as for most. */
  retry?: RetryPolicy;
  /** How long its work takes when all is well, milliseconds. */
  workMs: number;
  serve: ServeMessage;
};

export type SampleChannel = {
  name: string;
  kind: (typeof CHANNEL_KINDS)[number];
  /** Types that travel it without naming it. */
  carries: readonly string[];
};

/** A failure that tells a story and ends by itself. */
export type SamplePreset = { name: PresetName; service: string; seconds: number; fault: Partial<Fault> };

/** One unit of a system's traffic, such as an order that comes in. */
export type SampleUnit = {
  type: string;
  kind: EventKind;
  key: string;
  partitionKey: string;
  data: object;
  /** The version of its type's schema that it names. */
  version?: string;
};

/** How the services of a system are called instead of told. */
export type SampleCalls = {
  /** How long the caller waits for one answer. */
  timeoutMs: number;
  /** Types of what the caller publishes in the end. */
  endings: { answered: string; failed: string };
};

/** A version of an event type's schema that a system needs. */
export type SampleSchema = { type: string; version: string; input: SchemaInput };

/**
 * A sample system. Everything that it writes carries its name: sources begin with `/samples/<name>/`, consumers and
 * channels with `<name>.`, types of aggregates too, and each event has the extension `scenario`. What it is stands in the messages of the console.
 */
export type Scenario = {
  name: ScenarioName;
  /** The service that the traffic comes from. */
  producer: string;
  /** Types of its traffic, where there is more than one. */
  produces?: readonly string[];
  /** Units a second, at first and at most. */
  rate: number;
  maxRate: number;
  channels: readonly SampleChannel[];
  services: readonly SampleService[];
  /**
   * The producer calls the services, one after the other and in their order, and waits for each answer: they are not on
   * the bus, and the events only tell of it. Left out, they are consumers.
   */
  calls?: SampleCalls;
  /** The type of an event that shows that all goes well: a flow with one is worth a look. */
  effect?: string;
  /** The type of its aggregates, where its services store them as their events; it begins with the name of the system. */
  aggregateType?: string;
  /** The read model that is built from what its services say. */
  projection?: Projection;
  /** Registered when it starts, and removed with its data. */
  schemas?: readonly SampleSchema[];
  /** Run by the system's mediator, where it has one. */
  process: ProcessDefinition | null;
  presets: readonly SamplePreset[];
  /**
   * @param id unlike that of every other unit
   * @param random from 0 up to, not including, 1
   */
  produce: (id: string, random: () => number) => SampleUnit;
};

export function sourceOf(scenario: string, service: string): string {
  return `${sourcePrefixOf(scenario)}${service}`;
}

export function sourcePrefixOf(scenario: string): string {
  return `/samples/${scenario}/`;
}

/** The full name of a consumer or a channel. */
export function qualifiedName(scenario: string, name: string): string {
  return `${scenario}.${name}`;
}

/** Outlasts somebody who is down for a minute: what was sent to them meanwhile is there when they are back. */
export const PATIENT_RETRY: RetryPolicy = {
  retries: 20,
  baseMs: 500,
  factor: 2,
  capMs: 5_000,
  jitter: "none",
};

/** The part of a system that a process makes its mediator. */
export const MEDIATOR = "mediator";

/** The mediator of a system: it hears nobody outside of it. */
export function mediatorIn(scenario: string): ProcessMediator {
  return {
    consumer: qualifiedName(scenario, MEDIATOR),
    source: sourceOf(scenario, MEDIATOR),
    hears: sourcePrefixOf(scenario),
    extensions: { scenario },
  };
}
