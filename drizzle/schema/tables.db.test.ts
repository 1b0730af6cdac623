import { getTableColumns, getTableName } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import * as tables from "./tables.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("the schema names every table that the migrations make, with its columns and what may be null", async () => {
  const rows = await database.sql<{ table: string; column: string; nullable: boolean }[]>`
    select c.table_name as table, c.column_name as column, c.is_nullable = 'YES' as nullable
    from information_schema.columns c
    join pg_class on relname = c.table_name and not relispartition and relkind in ('r', 'p')
    where c.table_schema = 'public'`;
  const migrated = rows.map((row) => `${row.table}.${row.column}${row.nullable ? "?" : ""}`).toSorted();
  const declared = Object.values(tables).flatMap((table) =>
    Object.values(getTableColumns(table)).map(
      (column) => `${getTableName(table)}.${column.name}${column.notNull ? "" : "?"}`,
    ),
  );
  expect(declared.toSorted()).toEqual(migrated);
});
