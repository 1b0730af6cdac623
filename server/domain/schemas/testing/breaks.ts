import { type Compatibility, checkCompatibility } from "../compatibility.ts";
import type { JsonSchema } from "../json-schema.ts";

/** The schema of objects with these properties. */
export const object = (
  properties: Record<string, JsonSchema>,
  more: Record<string, unknown> = {},
): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});

/** The breaks as `path: reason`, in both directions. */
export function breaks(older: JsonSchema, newer: JsonSchema) {
  const of = (promise: Compatibility) =>
    checkCompatibility(promise, older, newer).map(({ path, reason }) => `${path}: ${reason}`);
  return { backward: of("backward"), forward: of("forward") };
}

export const text: JsonSchema = { type: "string" };
export const whole: JsonSchema = { type: "integer" };
