import type { TestDatabase } from "./database.ts";

/**
 * How many rows of some tables are read, by indexes or through the whole table, while something runs on a connection.
 *
 * @param tables a regular expression for their names.
 */
export async function countRowsRead(
  { sql }: Pick<TestDatabase, "sql">,
  tables: string,
  run: (sql: TestDatabase["sql"]) => Promise<unknown>,
): Promise<number> {
  const connection = await sql.reserve();
  const count = async () => {
    await connection`select pg_stat_force_next_flush()`;
    await connection`select pg_stat_clear_snapshot()`;
    const [row] = await connection<{ rows: number }[]>`
      select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as rows from pg_stat_user_tables where relname ~ ${tables}`;
    return row?.rows ?? 0;
  };
  try {
    const before = await count();
    await run(connection);
    return (await count()) - before;
  } finally {
    connection.release();
  }
}
