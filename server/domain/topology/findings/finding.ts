/** What can be found, with the numbers and names that the words need. */
export const FINDING_KINDS = [
  /** Asker, answerer: `events`, `answered`, `share`. */
  "request-reply-as-events",
  /** Producer: `events`. */
  "nobody-consumes",
  /** Consumer: `silentMs`, `emitted` meanwhile. */
  "never-receives",
  /** Services in order: `turns` at most within a flow, `flows`. */
  "cycle",
  /** Slow consumer, producer: `consumers`, `p95Ms`, `othersP95Ms`, `busy` from 0 to 1, `backlog`. */
  "fan-out-bottleneck",
  /** Mediator: `flows`, `share`, `flowTypes`, `services`. */
  "mediator-of-everything",
  /** Consumer: `events` of the key, `share`, `busy` from 0 to 1; name `key`. */
  "hot-key",
  /** Channel, producer, consumer: `events`, `answered`, `marked` as commands. */
  "topic-as-command",
  /** Consumer, producer: `events`, `fields` that it had to fetch, `asked` by events. */
  "id-only-calls-back",
  /** Consumer: `failed`, `received`. */
  "no-dead-letters",
  /** Consumer: `retries` (-1 without limit), `longestMs` until it gives up (-1 never), `mostAttempts`. */
  "unbounded-retries",
  /** Consumer, producers of the version: `failed`, `handled`, `otherFailed`, `otherHandled`; names `version`, `other`. */
  "version-skew",
  /** Producer: `events`, `without`, `share`, `droppedFrom` events that had one. */
  "missing-correlation",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Most harmful first. */
export const SEVERITIES = ["harm", "risk", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Finding = {
  /** Made of its kind and of what it is about: the same in every window. */
  id: string;
  kind: FindingKind;
  severity: Severity;
  nodes: string[];
  edges: string[];
  types: string[];
  numbers: Record<string, number>;
  names: Record<string, string>;
  flows: string[];
  positions: string[];
};

/** Flows and positions that a finding names at most. */
export const MOST_PROOFS = 10;
