import { z } from "zod";
import { placedProblemSchema } from "./problem.ts";

export const violationSchema = z.object({
  /** The version that the event names; null when it names none. */
  version: z.string().nullable(),
  /** The version whose schema it was held against; null when the one it names is not registered. */
  judgedBy: z.string().nullable(),
  /** The first few. */
  problems: z.array(placedProblemSchema),
  problemCount: z.number().int(),
});
export type ViolationDto = z.infer<typeof violationSchema>;

/** How an event stands to the schemas of its type. */
export const eventSchemaSchema = z.object({
  /** The version that it names; null when it names none. */
  version: z.string().nullable(),
  violation: violationSchema.nullable(),
  /** The payload in the newest version that upcasters lead to; null when nothing leads on, or nobody asked. */
  upcast: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("upcast"), from: z.string(), to: z.string(), text: z.string() }),
      z.object({ kind: z.literal("failed"), from: z.string(), to: z.string(), reason: z.string() }),
    ])
    .nullable(),
});
export type EventSchemaDto = z.infer<typeof eventSchemaSchema>;
