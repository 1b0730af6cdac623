import type { CaseRow } from "#drizzle/queries/failure-cases.ts";
import type { FailureCase } from "#server/domain/failures/failure-case.ts";

/** A row as the rules of cases see it; its notes are rows of their own. */
export function toFailureCase(row: CaseRow): FailureCase {
  const common = {
    fingerprint: row.fingerprint,
    count: row.deaths,
    firstSeenMs: Date.parse(row.first_at),
    lastSeenMs: Date.parse(row.last_at),
    returns: row.returns,
    owner: row.owner,
    ticketUrl: row.ticket_url,
    notes: [],
  };
  const by = row.status_by ?? "";
  if (row.status === "muted" && row.muted_until !== null) {
    return { ...common, status: "muted", untilMs: Date.parse(row.muted_until), by };
  }
  if (row.status === "resolved" && row.status_at !== null) {
    return { ...common, status: "resolved", atMs: Date.parse(row.status_at), by };
  }
  return { ...common, status: "open" };
}
