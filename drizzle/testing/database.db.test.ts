import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "#drizzle/db.ts";
import { migrate } from "#drizzle/migrate.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

let one: TestDatabase;
let other: TestDatabase;

beforeAll(async () => {
  [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(() => Promise.all([one.drop(), other.drop()]));

test("a test database has every migration already", async () => {
  expect(await migrate(one.sql)).toBe(0);
});

test("what one test database holds is not in another", async () => {
  await one.sql`create table marks (mark text)`;
  expect(await other.sql`select to_regclass('marks') as found`).toEqual([{ found: null }]);
});

test("its address reaches the same database", async () => {
  const byAddress = connect(one.url, { max: 1 });
  const [here] = await one.sql`select current_database() as name`;
  const [there] = await byAddress.sql`select current_database() as name`;
  await byAddress.close();
  expect(there).toEqual(here);
});
