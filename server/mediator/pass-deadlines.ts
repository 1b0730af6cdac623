import { claimDueProcess } from "#drizzle/queries/processes.ts";
import { passTime } from "#server/domain/processes/advance.ts";
import type { Context } from "#server/platform/context.ts";
import type { DeclaredProcesses } from "./declared-processes.ts";
import { saveAdvance } from "./save-advance.ts";
import { mediatorOf } from "./start-mediator.ts";
import { readState } from "./stored-state.ts";

/**
 * Takes one process further for which no event came in time, unless its mediator is paused, held or not
 * subscribed: nobody would hear a reply. Several workers may do this at once.
 *
 * @returns whether there was one.
 */
export async function passDeadlineOnce(
  { sql, clock, random }: Pick<Context, "sql" | "clock"> & { random: () => number },
  processes: DeclaredProcesses,
): Promise<boolean> {
  const now = clock.now();
  const atWork = await processes.listAtWork();
  return sql.begin(async (tx) => {
    const mediators = atWork.map((one) => ({ name: one.name, consumer: mediatorOf(one) }));
    const row = await claimDueProcess(tx, mediators, now.toISOString());
    const definition = row === null ? null : processes.find(row.name);
    if (row === null || definition === null) return false;
    const context = { id: row.id, definition, now: now.getTime(), random };
    const advance = passTime(context, readState(row));
    const saved = { id: row.id, version: row.version, correlationId: row.correlation_id };
    await saveAdvance(tx, { ...saved, definition, now, cause: null, by: null }, advance);
    return true;
  });
}
