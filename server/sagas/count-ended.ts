import type { SqlTx } from "#drizzle/db.ts";
import { deleteMaps, listMapsOf, putMaps } from "#drizzle/queries/saga-writing.ts";
import { EMPTY_MAP, mergeMaps, type ProcessMap } from "#server/domain/sagas/process-map.ts";
import { subtractMaps } from "#server/domain/sagas/subtract-maps.ts";

export const HOUR_US = 3_600_000_000;

/** A saga that is to be counted in the map of its type and hour, or taken out of it. */
export type MapChange = { typeId: number; hourUs: number; add: ProcessMap | null; take: ProcessMap | null };

/** Writes what became of the maps; one that counts nothing any more is gone. */
export async function countEnded(tx: SqlTx, changes: readonly MapChange[]): Promise<void> {
  if (changes.length === 0) return;
  const groups = Map.groupBy(changes, ({ typeId, hourUs }) => `${typeId} ${hourUs}`);
  const keys = [...groups.values()].flatMap(([first]) =>
    first === undefined ? [] : [{ typeId: first.typeId, hourUs: first.hourUs }],
  );
  // Written by this function alone.
  const known = new Map(
    (await listMapsOf(tx, keys)).map((row) => [`${row.typeId} ${row.hourUs}`, row.map as ProcessMap]),
  );
  const changed = keys.map(({ typeId, hourUs }) => {
    const key = `${typeId} ${hourUs}`;
    const own = groups.get(key) ?? [];
    const added = own.flatMap(({ add }) => add ?? []);
    const whole = mergeMaps(known.get(key) ?? EMPTY_MAP, mergeAll(added));
    const map = own.flatMap(({ take }) => take ?? []).reduce(subtractMaps, whole);
    return { typeId, hourUs, map };
  });
  await putMaps(
    tx,
    changed.filter(({ map }) => map.flows > 0),
  );
  await deleteMaps(
    tx,
    changed.filter(({ map }) => map.flows === 0),
  );
}

/** Two by two, so that no map is copied more often than it has to be. */
function mergeAll(maps: readonly ProcessMap[]): ProcessMap {
  let level = maps;
  while (level.length > 1) {
    const next: ProcessMap[] = [];
    for (let index = 0; index < level.length; index += 2) {
      next.push(mergeMaps(level[index] ?? EMPTY_MAP, level[index + 1] ?? EMPTY_MAP));
    }
    level = next;
  }
  return level[0] ?? EMPTY_MAP;
}
