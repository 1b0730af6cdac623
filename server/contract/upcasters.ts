import { z } from "zod";
import { problemOfStep, type UpcastStep } from "#server/domain/schemas/upcast.ts";

const place = z
  .string()
  .max(1024)
  .describe("A JSON Pointer; the token * stands for every element of an array.");

const upcastStepSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("rename"), from: place, to: z.string().min(1).max(256) }),
    z.strictObject({ kind: z.literal("move"), from: place, to: place }),
    z.strictObject({ kind: z.literal("default"), at: place, value: z.json() }),
    z.strictObject({ kind: z.literal("drop"), at: place }),
  ])
  .superRefine((step: UpcastStep, context) => {
    const message = problemOfStep(step);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

/** The version of a schema, as it stands in paths and as events name it: `1`, `2.0`, `2026-11-01`. */
export const schemaVersionSchema = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$/,
    "Use letters, digits, dots, dashes, plus signs and underscores, at most 64.",
  );

/** How payloads of one version of an event type become payloads of the version that this belongs to, when read. */
export const upcasterSchema = z.strictObject({
  from: schemaVersionSchema,
  steps: z.array(upcastStepSchema).min(1).max(100),
});

export const upcastersSchema = z
  .array(upcasterSchema)
  .max(20)
  .refine(
    (upcasters) => new Set(upcasters.map(({ from }) => from)).size === upcasters.length,
    "Two upcasters come from the same version.",
  );
