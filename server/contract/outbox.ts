import { z } from "zod";
import { boundedCountSchema } from "./subscriptions.ts";

export const outboxSchema = z.object({
  /** Published events that have not reached the log. */
  unsent: boundedCountSchema,
  /** Seconds that the oldest of them waits; null when none does. */
  oldestSeconds: z.number().nullable(),
  /** Published events that the log would not take, such as one whose identity another one has. */
  refused: boundedCountSchema,
});
export type OutboxDto = z.infer<typeof outboxSchema>;
