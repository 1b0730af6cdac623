import type { EventEnvelope, EventShape } from "#server/domain/event.ts";
import type { JsonObject } from "../json-slices.ts";
import type { Reading } from "../reading.ts";

/** A JSON shape other than CloudEvents in which people already send events. */
export type ForeignShape = {
  shape: EventShape;
  /** The members by which it is known, for the message that lists what is accepted. */
  description: string;
  matches(values: Record<string, unknown>): boolean;
  read(object: JsonObject, values: Record<string, unknown>, maxDepth: number): Reading;
  examples: readonly ShapeExample[];
};

/** An event in this shape, and what stands in the envelope that it becomes; whatever is not named there is null. */
export type ShapeExample = { title: string; text: string; event: Partial<EventEnvelope> };
