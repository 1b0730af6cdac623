import type { Sql } from "#drizzle/db.ts";
import { takeUncounted } from "#drizzle/queries/uncounted-attempts.ts";
import { ProcessingTally } from "./processing-tally.ts";

const AT_ONCE = 5_000;

/**
 * Adds attempts that have ended to the rollups of their consumers, in one transaction with forgetting them.
 *
 * @returns whether there may be more.
 */
export async function countAttemptsOnce(sql: Sql): Promise<boolean> {
  return sql.begin(async (tx) => {
    const attempts = await takeUncounted(tx, AT_ONCE);
    const bySubscription = Map.groupBy(attempts, ({ subscriptionId }) => subscriptionId);
    // In one order, so that two processes never wait for each other.
    for (const [subscriptionId, ended] of [...bySubscription].toSorted(([a], [b]) => a - b)) {
      const tally = new ProcessingTally();
      for (const attempt of ended) tally.addEnded(attempt);
      await tally.write(tx, subscriptionId);
    }
    return attempts.length === AT_ONCE;
  });
}
