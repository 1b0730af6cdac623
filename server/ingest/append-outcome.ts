import type { SchemaViolation } from "#server/domain/schemas/type-schemas.ts";

/**
 * What became of one event that got to the log: stored now, found stored before with the same content, or refused
 * because its identity belongs to an event with other content.
 */
export type WriteOutcome =
  | { kind: "accepted"; position: string }
  | { kind: "duplicate"; position: string }
  | { kind: "conflict"; position: string };

/** The same of an event that was offered: its type's schema may have refused it before. */
export type AppendOutcome = WriteOutcome | { kind: "refused"; violation: SchemaViolation };
