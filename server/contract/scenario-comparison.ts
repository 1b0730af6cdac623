import { z } from "zod";
import { PRESET_NAMES } from "./scenarios.ts";

/** The sample systems that do the same with an order, each in its own way. */
export const COMPARED_SCENARIOS = ["orders-broker", "orders-mediator", "orders-sync"] as const;

export const comparisonQuerySchema = z.strictObject({
  /** How far to look back. */
  minutes: z.coerce.number().int().min(1).max(60).default(5),
});

const percentilesSchema = z
  .object({ p50: z.number(), p95: z.number() })
  .describe("Milliseconds, each a value that was measured");

const figuresSchema = z.object({
  orders: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  /** By a service that is well, such as a bank that declines. */
  refused: z.number().int(),
  underWay: z.number().int(),
  /** Failed, and something that was done for it stands. */
  halfDone: z.number().int(),
  /** Customers with an answer, also where it is an error: what `answerMs` rests upon. */
  answered: z.number().int(),
  answerMs: percentilesSchema.nullable(),
  /** Until the last thing was done; rests upon the orders that are completed. */
  doneMs: percentilesSchema.nullable(),
  /** The correlation id of the newest order that failed. */
  lastFailed: z.string().nullable(),
});

const phaseSchema = z.object({
  /** Before the last story of the window, while it went on, or after it; `whole` where there was none. */
  kind: z.enum(["whole", "before", "during", "after"]),
  from: z.string(),
  to: z.string(),
  /** Of the orders that came in meanwhile. */
  figures: figuresSchema,
});

const systemSchema = z.object({
  name: z.enum(COMPARED_SCENARIOS),
  runningSince: z.string().nullable(),
  /** Orders a second. */
  rate: z.number(),
  /** What went wrong last within the window. */
  story: z
    .object({
      service: z.string(),
      /** Null for what was made to go wrong by hand. */
      preset: z.enum(PRESET_NAMES).nullable(),
      from: z.string(),
      /** Null while its end is not known. */
      to: z.string().nullable(),
    })
    .nullable(),
  phases: z.array(phaseSchema),
  /** There were more orders: the figures rest upon the newest ones only. */
  isCapped: z.boolean(),
});
export type ComparedSystemDto = z.infer<typeof systemSchema>;

export const comparisonSchema = z.object({
  minutes: z.number().int(),
  from: z.string(),
  to: z.string(),
  /** What every one of the systems takes, a second. */
  maxRate: z.number(),
  /** Stories that all of them know. */
  presets: z.array(z.object({ name: z.enum(PRESET_NAMES), seconds: z.number().int() })),
  systems: z.array(systemSchema),
});
export type ComparisonDto = z.infer<typeof comparisonSchema>;
