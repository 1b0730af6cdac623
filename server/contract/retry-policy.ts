import { z } from "zod";
import { DEFAULT_RETRY_POLICY, JITTERS } from "#server/domain/retry-policy.ts";

/** When a delivery that failed is tried again. What is left out is as in the default policy. */
export const retryPolicySchema = z.strictObject({
  /** Attempts after the first one. */
  retries: z.int().min(0).max(100).default(DEFAULT_RETRY_POLICY.retries),
  /** Delay before the first retry, milliseconds. */
  baseMs: z.int().min(0).max(3_600_000).default(DEFAULT_RETRY_POLICY.baseMs),
  /** What each further delay is multiplied by. */
  factor: z.number().min(1).max(100).default(DEFAULT_RETRY_POLICY.factor),
  /** The longest delay, milliseconds. */
  capMs: z.int().min(0).max(86_400_000).default(DEFAULT_RETRY_POLICY.capMs),
  /** `full`: anything from 0 up to the delay. */
  jitter: z.enum(JITTERS).default(DEFAULT_RETRY_POLICY.jitter),
});
