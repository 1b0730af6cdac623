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

const version = z.string().min(1).max(64);

/** How payloads of one version of an event type become payloads of another, when they are read. */
export const upcasterSchema = z
  .strictObject({ from: version, to: version, steps: z.array(upcastStepSchema).min(1).max(100) })
  .refine(({ from, to }) => from !== to, "An upcaster leads from one version to another.");
