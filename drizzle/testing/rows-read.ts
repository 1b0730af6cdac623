import type { TestDatabase } from "./database.ts";

/**
 * How many rows of some tables are read, by indexes or through the whole table, while something runs on a connection.
 *
 * @param tables a regular expression for their names.
 */
export function countRowsRead(
  database: Pick<TestDatabase, "sql">,
  tables: string,
  run: Run,
): Promise<number> {
  return countDuring(database, run, async (connection) => {
    const [row] = await connection<{ rows: number }[]>`
      select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as rows from pg_stat_user_tables where relname ~ ${tables}`;
    return row?.rows ?? 0;
  });
}

/**
 * How often something that runs on a connection goes down into an index of some tables.
 *
 * @param tables a regular expression for their names.
 */
export function countIndexWalks(
  database: Pick<TestDatabase, "sql">,
  tables: string,
  run: Run,
): Promise<number> {
  return countDuring(database, run, async (connection) => {
    const [row] = await connection<{ walks: number }[]>`
      select sum(idx_scan)::int as walks from pg_stat_user_indexes where relname ~ ${tables}`;
    return row?.walks ?? 0;
  });
}

type Run = (sql: TestDatabase["sql"]) => Promise<unknown>;

async function countDuring(
  { sql }: Pick<TestDatabase, "sql">,
  run: Run,
  read: (sql: TestDatabase["sql"]) => Promise<number>,
): Promise<number> {
  const connection = await sql.reserve();
  const count = async () => {
    await connection`select pg_stat_force_next_flush()`;
    await connection`select pg_stat_clear_snapshot()`;
    return read(connection);
  };
  try {
    const before = await count();
    await run(connection);
    return (await count()) - before;
  } finally {
    connection.release();
  }
}
