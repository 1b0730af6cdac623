import { countConnections, type DatabaseRow, readDatabaseCounts } from "#drizzle/queries/gauges.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sample } from "./sample.ts";

/** What Postgres has counted by a look, since a moment of its own. */
export type DatabaseTotals = Pick<DatabaseRow, "commits" | "rollbacks" | "counted_since">;

/** Looks at the database itself; works with the rights of any user. */
export class DatabaseSampler {
  readonly #ctx: Pick<Context, "sql">;
  #last: DatabaseRow | null = null;

  constructor(ctx: Pick<Context, "sql">) {
    this.#ctx = ctx;
  }

  /** By the last look; null before the first. */
  get totals(): DatabaseTotals | null {
    return this.#last;
  }

  async sample(): Promise<Sample[]> {
    const [counts, connections] = await Promise.all([
      readDatabaseCounts(this.#ctx.sql),
      countConnections(this.#ctx.sql),
    ]);
    if (counts === null) return [];
    const hits = hitRatio(this.#last, counts);
    this.#last = counts;
    return [
      { metric: "database_size", labels: {}, value: counts.bytes },
      { metric: "database_longest_transaction", labels: {}, value: Math.max(0, counts.longest_seconds) },
      ...(hits === null ? [] : [{ metric: "database_cache_hits", labels: {}, value: hits } as const]),
      ...connections.map(
        ({ state, connections }): Sample => ({
          metric: "database_connections",
          labels: { state },
          value: connections,
        }),
      ),
    ];
  }
}

/** Of the blocks that were asked for since the look before, or ever, the share that was in memory. */
function hitRatio(before: DatabaseRow | null, now: DatabaseRow): number | null {
  const isReset =
    before === null || now.blocks_hit < before.blocks_hit || now.blocks_read < before.blocks_read;
  const hit = now.blocks_hit - (isReset ? 0 : before.blocks_hit);
  const read = now.blocks_read - (isReset ? 0 : before.blocks_read);
  return hit + read === 0 ? null : hit / (hit + read);
}
