import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { copyInTurn } from "./copy-binary.ts";
import { connect, type Database } from "./db.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";

const STATEMENTS = ["select 7 as number", "copy firsts from stdin", "copy seconds from stdin"];
const LARGE = 100_000;

let database: TestDatabase;
/** Of one connection: whoever comes next has to use it again. */
let pool: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql`create table firsts (number integer primary key)`;
  await database.sql`create table seconds (number integer primary key)`;
  pool = connect(database.options, { max: 1 });
});
beforeEach(() => database.sql`truncate firsts, seconds`);
afterAll(async () => {
  await pool.close();
  await database.drop();
});

const rows = (...numbers: number[]) => Buffer.from(numbers.map((number) => `${number}\n`).join(""));

async function listStored(): Promise<{ firsts: number[]; seconds: number[] }> {
  // By the same connection: it is in order, and what was sent on it has been read.
  const [stored] = await pool.sql<{ firsts: number[]; seconds: number[] }[]>`
    select array(select number from firsts order by number) as firsts,
      array(select number from seconds order by number) as seconds`;
  return stored ?? { firsts: [], seconds: [] };
}

test("rows are made for the row of the query, whether they are sent together or alone", async () => {
  await copyInTurn<{ number: number }>(pool.sql, STATEMENTS, (row) => [
    () => rows(row?.number ?? 0),
    () => rows(1, 2),
  ]);
  expect(await listStored()).toEqual({ firsts: [7], seconds: [1, 2] });
  const many = Array.from({ length: LARGE }, (_, number) => 10 + number);
  await copyInTurn(pool.sql, STATEMENTS, () => [() => rows(...many), () => rows(...many)]);
  const { firsts, seconds } = await listStored();
  expect([firsts.length, seconds.length]).toEqual([LARGE + 1, LARGE + 2]);
});

test("several at a time get the rows of their own", async () => {
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const copies = numbers.map((number) =>
    copyInTurn(pool.sql, STATEMENTS, () => [() => rows(number), () => rows(100 + number)]),
  );
  await Promise.all(copies);
  expect(await listStored()).toEqual({ firsts: numbers, seconds: numbers.map((number) => 100 + number) });
});

test("a COPY that is refused stores nothing, and the rows of the next go nowhere", async () => {
  const copied = copyInTurn(pool.sql, STATEMENTS, () => [() => rows(1, 1), () => rows(2)]);
  await expect(copied).rejects.toMatchObject({ code: "23505" });
  expect(await listStored()).toEqual({ firsts: [], seconds: [] });
  const many = Array.from({ length: LARGE }, () => 1);
  const large = copyInTurn(pool.sql, STATEMENTS, () => [() => rows(...many), () => rows(...many)]);
  await expect(large).rejects.toMatchObject({ code: "23505" });
  expect(await listStored()).toEqual({ firsts: [], seconds: [] });
});

test.each([0, 1])("rows that can't be made, of COPY %i, store nothing and say why", async (broken) => {
  const make = (at: number) => () => {
    if (at === broken) throw new RangeError("No such row.");
    return rows(at);
  };
  const copied = copyInTurn(pool.sql, STATEMENTS, () => [make(0), make(1)]);
  await expect(copied).rejects.toThrow("No such row.");
  expect(await listStored()).toEqual({ firsts: [], seconds: [] });
});
