/**
 * The event as Nagare knows it: the CloudEvents 1.0 context attributes, the extension attributes that the
 * product gives a meaning to, and the payload exactly as it arrived.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */

export const EVENT_KINDS = ["domain", "integration", "command"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** The shapes in which an event may come in; the stored event says which one it was. */
export const EVENT_SHAPES = [
  "cloudevents-binary",
  "cloudevents-structured",
  "cloudevents-batch",
  "cloudevents-ndjson",
  "cloudevents-json",
  "snake-case",
  "camel-case",
  "eventbridge",
  "sns",
  "debezium",
  "internal",
] as const;
export type EventShape = (typeof EVENT_SHAPES)[number];

/**
 * A payload, kept as it came in. `json` and `text` hold the original characters, so a 64-bit integer or a
 * long decimal is never rounded; `binary` holds the original bytes.
 */
export type EventData =
  | { encoding: "none" }
  | { encoding: "json"; text: string }
  | { encoding: "text"; text: string }
  | { encoding: "binary"; bytes: Uint8Array };

/** Extension values as the CloudEvents JSON format allows them: string, boolean or 32-bit integer. */
export type ExtensionValue = string | number | boolean;

export type EventEnvelope = {
  /** With `source` the identity of the event. */
  id: string;
  source: string;
  type: string;
  subject: string | null;
  /** RFC 3339, exactly as the producer wrote it. */
  time: string | null;
  dataContentType: string | null;
  dataSchema: string | null;
  kind: EventKind | null;
  correlationId: string | null;
  causationId: string | null;
  partitionKey: string | null;
  aggregateType: string | null;
  aggregateId: string | null;
  /** Whole number from 0 up to 2^31 - 1, as CloudEvents integers are. */
  aggregateVersion: number | null;
  traceparent: string | null;
  channel: string | null;
  /** Every other extension attribute, by its lower-case name; null when there is none. */
  extensions: Record<string, ExtensionValue> | null;
  data: EventData;
  shape: EventShape;
};
