import type { Sql, SqlTx } from "#drizzle/db.ts";
import { listNameIdsLike } from "#drizzle/queries/interned-names.ts";
import { listArchived, listPositionsOfTypes } from "#drizzle/queries/projection-events.ts";
import { compileGlob, globToLike } from "#server/domain/glob.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import type { NameCache } from "../names/name-cache.ts";
import { readArchived } from "../streams/stream-envelopes.ts";
import type { ProjectedEvent, Projection } from "./projection.ts";

/** A projection reads a few kinds of events, not all that there are. */
const MAX_TYPES = 200;

/** The ids of the types that a projection reads, as far as they have occurred. */
export async function listTypeIds(sql: Sql, types: readonly string[]): Promise<number[]> {
  const ids = await listNameIdsLike(sql, "type", types.map(globToLike), MAX_TYPES + 1);
  if (ids.length > MAX_TYPES) {
    throw new Error(`More than ${MAX_TYPES} types match ${types.join(", ")}. Name fewer.`);
  }
  return ids;
}

/**
 * The events of a projection after one position and up to another, oldest first, about `limit` of them; those that the
 * log has let go come from their streams. `reached` is how far the answer goes.
 */
export async function listProjected(
  sql: Sql | SqlTx,
  names: NameCache,
  { types }: Pick<Projection, "types">,
  typeIds: number[],
  stretch: { after: string; upTo: string; limit: number },
): Promise<{ events: ProjectedEvent[]; reached: string }> {
  const archived = await listArchived(sql, stretch);
  const keptTo = reachedBy(
    archived.map(({ position }) => position),
    stretch,
  );
  const positions = await listPositionsOfTypes(sql, typeIds, { ...stretch, upTo: keptTo });
  const reached = reachedBy(positions, { ...stretch, upTo: keptTo });
  const envelopes = await listEnvelopes(sql, names, positions);
  const tests = types.map(compileGlob);
  // While a day is being let go, its events stand in both.
  const found = new Map<string, ProjectedEvent>();
  for (const { position, archived: envelope } of archived) {
    if (BigInt(position) > BigInt(reached)) break;
    const event = readArchived(envelope);
    if (tests.some((test) => test(event.type))) found.set(position, { position, event });
  }
  for (const [position, event] of envelopes) found.set(position, { position, event });
  const events = [...found.values()].toSorted((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
  return { events, reached };
}

/** A full page ends at its last row; any other goes to the end of the stretch. */
function reachedBy(positions: string[], { upTo, limit }: { upTo: string; limit: number }): string {
  return positions.length === limit ? (positions.at(-1) ?? upTo) : upTo;
}
