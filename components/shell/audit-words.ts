import type { AuditEntryDto } from "#server/contract/audit-log.ts";

/** What is said of an entry of the audit trail: a sentence, and what stands in it. */
export type AuditWords =
  | { key: "assigned"; owner: string }
  | { key: "muted"; until: string }
  | { key: (typeof PLAIN)[keyof typeof PLAIN] | "unassigned" | "unlinked" }
  /** Of something else: what was done with all letters of a case, as a replay or otherwise. */
  | { key: "replay"; did: "planned" | "started"; id: number }
  | { key: "discarded" | "restored"; count: number }
  /** An action without a sentence of its own. */
  | { key: "other"; action: string };

const PLAIN = {
  "failure-case.linked": "linked",
  "failure-case.unmuted": "unmuted",
  "failure-case.resolved": "resolved",
  "failure-case.reopened": "reopened",
  "failure-case.noted": "noted",
  "replay.planned": "planned",
  "replay.started": "started",
  "replay.paused": "paused",
  "replay.resumed": "resumed",
  "replay.cancelled": "cancelled",
} as const;

const REPLAY = /^replay:(\d+)$/;

/** @param of what the trail is about. */
export function auditWords(
  { action, details, subject }: Pick<AuditEntryDto, "action" | "details" | "subject">,
  of: string,
): AuditWords {
  const { owner, ticketUrl, untilMs, count } = details;
  const [, replay = null] = REPLAY.exec(subject) ?? [];
  if (replay !== null && subject !== of) {
    if (action === "replay.planned") return { key: "replay", did: "planned", id: Number(replay) };
    if (action === "replay.started") return { key: "replay", did: "started", id: Number(replay) };
  }
  if (action === "dead-letters.discarded" && typeof count === "number") return { key: "discarded", count };
  if (action === "dead-letters.restored" && typeof count === "number") return { key: "restored", count };
  if (action === "failure-case.assigned") {
    return typeof owner === "string" && owner !== "" ? { key: "assigned", owner } : { key: "unassigned" };
  }
  if (action === "failure-case.muted" && typeof untilMs === "number") {
    return { key: "muted", until: new Date(untilMs).toISOString() };
  }
  if (action === "failure-case.linked" && ticketUrl === null) return { key: "unlinked" };
  const plain = Object.entries(PLAIN).find(([known]) => known === action);
  return plain === undefined ? { key: "other", action } : { key: plain[1] };
}

/** Why it was done; null where nobody said so. */
export function auditReason({ details: { reason } }: Pick<AuditEntryDto, "details">): string | null {
  return typeof reason === "string" && reason !== "" ? reason : null;
}
