import type { JsonSchema } from "./json-schema.ts";
import { findNarrowings } from "./narrowing.ts";

export const COMPATIBILITIES = [
  /** The new schema takes all data that is valid by the old one: update consumers first. */
  "backward",
  /** The old schema takes all data that is valid by the new one: update producers first. */
  "forward",
  /** Both. */
  "full",
  /** Anything may change. */
  "none",
] as const;
export type Compatibility = (typeof COMPATIBILITIES)[number];

export type SchemaBreak = {
  /** The promise that is broken. */
  direction: "backward" | "forward";
  /** JSON Pointer of the field in the data; `*` stands for any element, or any further field. */
  path: string;
  reason: string;
};

const MAX_BREAKS = 50;

/**
 * How a new version of a schema breaks the promise made for its type; nothing when it keeps it. The schemas are as
 * `readSchema` gives them: their references lead somewhere, and not in a circle.
 *
 * What can't be judged counts as a break. A field that a schema doesn't speak of is taken to be absent: an optional
 * field may be added to an open schema, though somebody might have sent something else under that name.
 */
export function checkCompatibility(
  promise: Compatibility,
  older: JsonSchema,
  newer: JsonSchema,
): SchemaBreak[] {
  const breaks: SchemaBreak[] = [];
  if (promise === "backward" || promise === "full") {
    const found = findNarrowings(older, newer, { data: "old data", reader: "the new schema" });
    breaks.push(...found.map((narrowing) => ({ direction: "backward" as const, ...narrowing })));
  }
  if (promise === "forward" || promise === "full") {
    const found = findNarrowings(newer, older, { data: "new data", reader: "the old schema" });
    breaks.push(...found.map((narrowing) => ({ direction: "forward" as const, ...narrowing })));
  }
  return breaks.slice(0, MAX_BREAKS);
}
