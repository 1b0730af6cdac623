import { z } from "zod";

/** Something wrong at a place: a JSON Pointer, into a payload or into a schema. */
export const placedProblemSchema = z.object({ path: z.string(), reason: z.string() });
export type PlacedProblemDto = z.infer<typeof placedProblemSchema>;

/** Where a new version of a schema breaks a promise. */
export const schemaBreakSchema = z.object({
  direction: z.enum(["backward", "forward"]),
  /** The two versions that don't go together. */
  older: z.string(),
  newer: z.string(),
  /** JSON Pointer of the field in the data; `*` stands for any element, or any further field. */
  path: z.string(),
  reason: z.string(),
});
export type SchemaBreakDto = z.infer<typeof schemaBreakSchema>;

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
      z.object({
        index: z.number().int(),
        id: z.string().optional(),
        code: z.string(),
        message: z.string(),
        problems: z.array(placedProblemSchema).optional(),
      }),
    )
    .optional(),
  /** The version that a stream is at, where another one was expected. */
  actualVersion: z.number().int().optional(),
  /** What a schema has against a payload, or what is wrong with a schema. */
  problems: z.array(placedProblemSchema).optional(),
  /** What a schema would break. */
  breaks: z.array(schemaBreakSchema).optional(),
});
export type ProblemDto = z.infer<typeof problemSchema>;
