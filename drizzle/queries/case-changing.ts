import type { SqlTx } from "../db.ts";

/** Writes where a case stands as people have it; the keeper of its counters writes others. */
export async function updateCaseStanding(
  tx: SqlTx,
  id: number,
  standing: {
    status: string;
    statusBy: string | null;
    statusAt: string | null;
    mutedUntil: string | null;
    owner: string | null;
    ticketUrl: string | null;
  },
): Promise<void> {
  await tx`
    update failure_cases set status = ${standing.status}, status_by = ${standing.statusBy},
      status_at = ${standing.statusAt}::timestamptz, muted_until = ${standing.mutedUntil}::timestamptz,
      owner = ${standing.owner}, ticket_url = ${standing.ticketUrl}
    where id = ${id}`;
}

export async function insertCaseNote(
  tx: SqlTx,
  { caseId, by, text, at }: { caseId: number; by: string; text: string; at: string },
): Promise<void> {
  await tx`insert into case_notes (case_id, at, by, note) values (${caseId}, ${at}::timestamptz, ${by}, ${text})`;
}
