import { archiveEvents, listUnarchived } from "#drizzle/queries/stream-archiving.ts";
import { structuredJson } from "#server/domain/envelope/write-envelope.ts";
import type { Context } from "#server/platform/context.ts";
import { listEnvelopes } from "../events/envelopes.ts";

const CHUNK = 500;

/**
 * Keeps the events of streams between two positions (the first one included) with their streams, because the log is
 * about to let them go. Gives how many; safe to repeat.
 */
export async function archiveStreamEvents(
  { sql, names }: Pick<Context, "sql" | "names">,
  { from, before }: { from: string; before: string },
): Promise<number> {
  let kept = 0;
  for (let start = from; ; ) {
    const rows = await listUnarchived(sql, { from: start, before, limit: CHUNK });
    const last = rows.at(-1);
    if (!last) return kept;
    const envelopes = await listEnvelopes(
      sql,
      names,
      rows.map(({ position }) => position),
    );
    const leaving = rows.flatMap((row) => {
      const event = envelopes.get(row.position);
      return event ? [{ ...row, envelope: structuredJson(event) }] : [];
    });
    await archiveEvents(sql, leaving);
    kept += leaving.length;
    start = last.position;
    if (rows.length < CHUNK) return kept;
  }
}
