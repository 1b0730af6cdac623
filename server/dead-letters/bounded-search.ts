import type { Sql, SqlTx } from "#drizzle/db.ts";
import { AppError } from "#server/platform/errors.ts";

/** Selections of a million letters take some seconds; what takes longer reads every payload of them. */
const LONGEST_SECONDS = 60;
const QUERY_CANCELED = "57014";

/** Works in a transaction whose statements may take a minute each. Throws `invalid` when one takes longer. */
export async function withinStatementTime<T>(sql: Sql, work: (tx: SqlTx) => Promise<T>): Promise<T> {
  try {
    // The driver unwraps arrays of promises; what is given here is no such array.
    return (await sql.begin(async (tx) => {
      await tx`select set_config('statement_timeout', ${`${LONGEST_SECONDS}s`}, true)`;
      return work(tx);
    })) as T;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === QUERY_CANCELED)) throw error;
    throw new AppError(
      "invalid",
      `These dead letters could not be found within ${LONGEST_SECONDS} seconds. Narrow the selection by case, consumer, type or time.`,
      { cause: error },
    );
  }
}
