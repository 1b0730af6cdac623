import { z } from "zod";

/** Problem details for HTTP APIs (RFC 9457), with the code, request id and rejections that our clients need. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  rejected: z
    .array(
      z.object({ index: z.number().int(), id: z.string().optional(), code: z.string(), message: z.string() }),
    )
    .optional(),
  /** The version that a stream is at, where another one was expected. */
  actualVersion: z.number().int().optional(),
});
export type ProblemDto = z.infer<typeof problemSchema>;
