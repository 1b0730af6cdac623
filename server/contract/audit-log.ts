import { z } from "zod";

const auditIdSchema = z.string().regex(/^\d{1,18}$/, "A number of an entry, such as 412.");

export const auditQuerySchema = z.strictObject({
  /** What it was done to, such as `failure-case:12`, `replay:3`, `dead-letters`, or the name of a rule or a consumer. */
  subject: z.string().min(1).max(1024).optional(),
  before: auditIdSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditEntrySchema = z.object({
  id: auditIdSchema,
  at: z.string(),
  /** Who: `console`, whoever a request names, `rule:` and the name of a rule, or a worker. */
  actor: z.string(),
  /** Such as `replay.paused`. */
  action: z.string(),
  subject: z.string(),
  /** What belongs to it: why (`reason`), on which page (`view`), and what was given. */
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryDto = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z.object({
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  /** Pass it as `before`; null at the end. */
  nextBefore: auditIdSchema.nullable(),
});
export type AuditPageDto = z.infer<typeof auditPageSchema>;
