import { createConnection, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { copyIn } from "./copy-binary.ts";
import { connect, type Database } from "./db.ts";
import { mend } from "./driver.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";

let database: TestDatabase;
const pools: Database[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql`create table marks (mark text)`;
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await database.sql`truncate marks`;
});
afterAll(() => database.drop());

/** A pool of one connection, which whoever comes next has to use again, and how to cut its session off. */
function openOne() {
  const sockets: Socket[] = [];
  const { host, port } = database.options;
  const socket = () => {
    const path = String(host);
    const opened = path.startsWith("/")
      ? createConnection(`${path}/.s.PGSQL.${port}`)
      : createConnection(Number(port), path);
    sockets.push(opened);
    return opened;
  };
  const pool = connect(database.options, { max: 1, ...{ socket } });
  pools.push(pool);
  return { sql: pool.sql, reset: () => sockets.at(-1)?.destroy(new Error("reset")) };
}

const endSession = (pid: number | undefined) =>
  database.sql`select pg_terminate_backend(${pid ?? 0}) as ended`;

describe("A session that is lost", () => {
  test.each(["ended by the server", "reset on the way"])(
    "while a transaction waits for an answer, %s, fails it, and the next ones work",
    async (how) => {
      const { sql, reset } = openOne();
      for (let turn = 0; turn < 5; turn += 1) {
        const cut = sql.begin(async (tx) => {
          const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
          const waiting = tx`select pg_sleep(20)`.execute();
          await (how === "reset on the way" ? reset() : endSession(row?.pid));
          await waiting;
        });
        await expect(cut).rejects.toThrow();
        const rows = await sql.begin((tx) => tx`insert into marks values ('next') returning mark`);
        expect(rows).toHaveLength(1);
      }
    },
  );

  test("while many queries wait fails those that were sent, and the connection works again", async () => {
    const { sql, reset } = openOne();
    for (let turn = 0; turn < 5; turn += 1) {
      await sql`select 1`;
      const sent = Array.from({ length: 20 }, () => sql`select pg_sleep(0.01)`.catch(() => "failed"));
      setImmediate(reset);
      await Promise.all(sent);
      // One may still be sent before the end of the session is seen.
      const again = () => sql`select 1 as one`;
      expect(await again().catch(again)).toEqual([{ one: 1 }]);
    }
  });

  test("takes its transaction with it, which does nothing within a later one on the same connection", async () => {
    const { sql } = openOne();
    const goOn = Promise.withResolvers<void>();
    const pid = Promise.withResolvers<number>();
    const late = Promise.withResolvers<unknown>();
    const dead = sql.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      pid.resolve(row?.pid ?? 0);
      await goOn.promise;
      await tx`insert into marks values ('dead')`.catch(late.resolve);
    });
    // Before the session ends: nobody would wait for the failure otherwise.
    const died = expect(dead).rejects.toThrow();
    await endSession(await pid.promise);
    await died;
    const taken = sql.begin(async (tx) => {
      await tx`insert into marks values ('taken back')`;
      goOn.resolve();
      expect(await late.promise).toMatchObject({ code: "CONNECTION_CLOSED" });
      await tx`select 1`;
      throw new Error("Enough.");
    });
    await expect(taken).rejects.toThrow("Enough.");
    expect(await sql`select mark from marks`).toEqual([]);
  });

  test("that was reserved fails what comes after, and gives the connection back", async () => {
    const { sql } = openOne();
    const reserved = await sql.reserve();
    const [row] = await reserved<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await endSession(row?.pid);
    await expect(reserved`select pg_sleep(20)`).rejects.toThrow();
    await expect(reserved`select 1`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    reserved.release();
    const again = await sql.reserve();
    expect(await again`select 1 as one`).toEqual([{ one: 1 }]);
    again.release();
  });
});

test("a COPY and other queries share a connection that all of them need at once", async () => {
  const { sql } = openOne();
  await sql`create temporary table copied (line text)`;
  const all = Array.from({ length: 20 }, (_, index) => [
    copyIn(sql, "copy copied from stdin", Buffer.from(`${index}\n`)),
    sql`select ${index}::int as one`,
    sql.begin((tx) => tx`insert into copied values ('in between')`),
  ]);
  await Promise.all(all.flat());
  expect(await sql`select count(*)::int as lines from copied`).toEqual([{ lines: 40 }]);
});

test("of several idle connections, the one that was used last is used again", async () => {
  const pool = connect(database.options, { max: 4 });
  pools.push(pool);
  const pidAfter = async (ms: number) => {
    const [row] = await pool.sql<{ pid: number }[]>`select pg_backend_pid() as pid, pg_sleep(${ms / 1_000})`;
    return row?.pid;
  };
  const sideBySide = await Promise.all([pidAfter(100), pidAfter(100), pidAfter(100), pidAfter(100)]);
  expect(new Set(sideBySide).size).toBe(4);
  const first = await pidAfter(0);
  for (let turn = 0; turn < 10; turn += 1) expect(await pidAfter(0)).toBe(first);
  const pids = await pool.sql.begin(async () => [await pidAfter(0), await pidAfter(0)]);
  expect(pids[0]).toBe(pids[1]);
});

test("the mends are refused by a driver that they were not made for", () => {
  const mends = [{ found: "a = 1", put: "a = 2" }];
  expect(mend("let a = 1", mends)).toBe("let a = 2");
  expect(() => mend("let a = 3", mends)).toThrow(
    "is not the one that drizzle/driver-mends.ts was written for",
  );
});
