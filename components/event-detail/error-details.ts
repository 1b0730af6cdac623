import { z } from "zod";
import type { AttemptDto } from "#server/contract/deliveries.ts";

const cause = z.object({ name: z.string(), message: z.string(), code: z.string().optional() });

/** What an error may say beside its name and message; what has another shape is as if it was not there. */
const errorDetailsSchema = z.object({
  code: z.string().optional().catch(undefined),
  status: z.number().optional().catch(undefined),
  stack: z.string().optional().catch(undefined),
  bodyExcerpt: z.string().optional().catch(undefined),
  causes: z.array(cause).catch([]).default([]),
});

/** Reads the parts of an attempt's error that not every error has. */
export function readErrorDetails(error: NonNullable<AttemptDto["error"]>) {
  return errorDetailsSchema.parse(error);
}
