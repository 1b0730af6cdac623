/**
 * What became of one event: stored now, found stored before with the same content, or refused because its identity
 * belongs to an event with other content.
 */
export type AppendOutcome =
  | { kind: "accepted"; position: string }
  | { kind: "duplicate"; position: string }
  | { kind: "conflict"; position: string };
