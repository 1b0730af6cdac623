import type { SqlTx } from "#drizzle/db.ts";
import { listCorrelationPaths } from "#drizzle/queries/correlation-paths.ts";
import { compileGlob } from "#server/domain/glob.ts";
import { type PayloadPath, parsePayloadPath } from "#server/domain/sagas/correlate.ts";

export type PathRule = { matches: (type: string) => boolean; path: PayloadPath };

/**
 * Where payloads say which flow an event belongs to, in the order in which the places are asked. Read after it was
 * decided up to where events are looked at: so a path holds for all that was recorded after it.
 */
export async function listPathRules(tx: SqlTx): Promise<PathRule[]> {
  return (await listCorrelationPaths(tx)).flatMap(({ type, path }): PathRule[] => {
    const names = parsePayloadPath(path);
    return names === null ? [] : [{ matches: compileGlob(type), path: names }];
  });
}
