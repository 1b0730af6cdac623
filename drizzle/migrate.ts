import { fileURLToPath } from "node:url";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "./db.ts";
import { drizzle } from "./driver.ts";

const MIGRATION_LOCK = 7_104_001;
const FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

/**
 * Brings the database to this version. Several processes may call it at once: one migrates, the others wait.
 *
 * @returns how many migrations were applied now.
 */
export async function migrate(sql: Sql): Promise<number> {
  const guard = await sql.reserve();
  try {
    await guard`select pg_advisory_lock(${MIGRATION_LOCK})`;
    const before = await countApplied(sql);
    await runMigrations(drizzle(sql), { migrationsFolder: FOLDER });
    return (await countApplied(sql)) - before;
  } finally {
    await guard`select pg_advisory_unlock(${MIGRATION_LOCK})`;
    guard.release();
  }
}

async function countApplied(sql: Sql): Promise<number> {
  const [found] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as present`;
  if (!found?.present) return 0;
  const [row] = await sql`select count(*)::int as applied from drizzle.__drizzle_migrations`;
  return Number(row?.applied ?? 0);
}
