import { z } from "zod";

export const PROCESSING_GROUPS = ["consumer", "type"] as const;

/** Milliseconds; null when there was nothing. */
const percentilesSchema = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});

export const processingSchema = z.object({
  /** Whole minutes, or whole hours where it begins more than a day ago. */
  window: z.object({ from: z.string(), to: z.string() }),
  by: z.enum(PROCESSING_GROUPS),
  /** Percentiles are off by at most this share of their value. Everything else is exact. */
  relative_error: z.number(),
  items: z.array(
    z.object({
      name: z.string(),
      /** Attempts that ended. */
      total_events: z.number(),
      successful_events: z.number(),
      /** Attempts that failed, timeouts among them. */
      failed: z.number(),
      /** Failures after which another attempt follows. */
      retried: z.number(),
      /** Deliveries that were skipped since the event had been handled before. */
      duplicates: z.number(),
      /** Failures after which no attempt follows. */
      dead: z.number(),
      /** `failed` of `total_events`, from 0 to 1; null when there were none. */
      failure_rate: z.number().nullable(),
      /** Milliseconds that an attempt took on average. */
      average_duration: z.number().nullable(),
      /** How long attempts took. */
      processing_time: percentilesSchema,
      /** From the event's own time until it was handled. */
      critical_time: percentilesSchema,
    }),
  ),
});
export type ProcessingDto = z.infer<typeof processingSchema>;
