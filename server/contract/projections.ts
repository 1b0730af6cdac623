import { z } from "zod";
import { asOfSchema, positionSchema } from "./events.ts";

export const projectionErrorSchema = z.object({
  message: z.string(),
  /** The event that could not be taken. */
  position: positionSchema.nullable(),
  at: z.string(),
  /** Tries that failed one after the other. */
  failures: z.number().int(),
  retryAt: z.string(),
});

export const projectionSchema = z.object({
  name: z.string(),
  types: z.array(z.string()),
  /** Everything up to here is in the read model. */
  position: positionSchema,
  /** Events that the read model was built from. */
  applied: z.number().int(),
  movedAt: z.string(),
  pausedAt: z.string().nullable(),
  /** Why it stands still; null while it goes on. */
  error: projectionErrorSchema.nullable(),
  lag: z.object({
    /** Events that it has not taken yet. */
    events: z.number().int(),
    /** True when there are more than `events`. */
    capped: z.boolean(),
    /** Since the oldest of them was recorded; 0 when there is none. */
    seconds: z.number(),
  }),
  /** The new read model that is being built beside the one that is served. */
  rebuild: z
    .object({
      startedAt: z.string(),
      applied: z.number().int(),
      /** About as many events are to be applied: those of the served one and what it has not taken yet. */
      expected: z.number().int(),
      position: positionSchema,
      error: projectionErrorSchema.nullable(),
    })
    .nullable(),
});
export type ProjectionDto = z.infer<typeof projectionSchema>;

export const projectionListSchema = z.object({ projections: z.array(projectionSchema), asOf: asOfSchema });
export type ProjectionListDto = z.infer<typeof projectionListSchema>;

export const orderSummarySchema = z.object({
  id: z.string(),
  version: z.number().int(),
  status: z.string(),
  customerId: z.string(),
  currency: z.string(),
  lines: z.number().int(),
  totalMinor: z.number().int(),
  draftedAt: z.string(),
  changedAt: z.string(),
});

export const orderPageSchema = z.object({
  /** The one that changed last comes first. */
  orders: z.array(orderSummarySchema),
  nextBefore: positionSchema.nullable(),
});
export type OrderPageDto = z.infer<typeof orderPageSchema>;
