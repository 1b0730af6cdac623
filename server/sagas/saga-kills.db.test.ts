import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withoutEvents } from "#server/domain/sagas/testing/disorder.ts";
import { type Faults, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { CARD_DECLINED, OUT_OF_STOCK, ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import { until } from "../bus/testing/open-bus.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import type { RecogniserTask } from "./testing/recogniser-worker.ts";
import { expectExact, listRows } from "./testing/saga-rows.ts";

const WORKER = fileURLToPath(new URL("testing/recogniser-worker.ts", import.meta.url));
/** What a round writes first and last. */
const WRITTEN = ["sagas", "saga_maps"] as const;
const KINDS: readonly Faults[] = [
  {},
  { says: OUT_OF_STOCK },
  { says: CARD_DECLINED },
  { dead: ["inventory"] },
];

let sagas: TestSagas;
beforeAll(async () => {
  sagas = await openSagas([ordersSaga.start.service, ...Object.keys(ordersSaga.services)]);
});
afterAll(() => sagas.database.drop());

/** Records orders of every kind, those before to their end and fresh ones without some of their events. */
async function record(round: number): Promise<void> {
  for (const [kind, faults] of KINDS.entries()) {
    const { recorded } = runSystem(ordersSaga, faults).recorder;
    if (round > 0) await sagas.store.store(recorded, { flow: `order-${round - 1}-${kind}` });
    await sagas.store.store(withoutEvents(recorded, [1, 2]), { flow: `order-${round}-${kind}` });
  }
}

/** Runs a process that recognises sagas, and kills it while it waits in the middle of what it writes. */
async function killWhileItWrites(table: (typeof WRITTEN)[number], meanwhile: () => Promise<void>) {
  const { sql, url } = sagas.database;
  const task: RecogniserTask = { databaseUrl: url };
  const blocker = await sql.reserve();
  await blocker`begin`;
  await blocker`lock table ${blocker(table)} in exclusive mode`;
  const worker = spawn(process.execPath, [WORKER, JSON.stringify(task)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(worker, "exit");
  try {
    await meanwhile();
    await until(async () => {
      const waiting = await sql`
        select from pg_locks where relation = ${table}::regclass and not granted`;
      return waiting.length > 0;
    }, 60_000);
  } finally {
    worker.kill("SIGKILL");
    await exited;
    await blocker`rollback`;
    blocker.release();
  }
}

test("a recogniser that is killed while it writes leaves rows, counts and maps as if it had never been", async () => {
  const { sql } = sagas.ctx;
  for (const [round, table] of WRITTEN.entries()) {
    await killWhileItWrites(table, () => record(round));
    await expectExact(sql);
  }
  await record(WRITTEN.length);
  // What the one that was killed had held is given back when its session ends.
  await until(async () => {
    await sagas.recognise();
    const [row] = await sql<{ isDone: boolean }[]>`
      select position >= (select max(position) from events) as "isDone" from checkpoints where name = 'sagas'`;
    return row?.isDone === true;
  });
  sagas.wait(700_000);
  await sagas.recognise();
  const rows = await listRows(sql);
  const maps = await sql`select hour, map from saga_maps order by type_id`;
  expect(rows.length).toBeGreaterThanOrEqual(WRITTEN.length * KINDS.length);

  const [begin] = await sql<{ position: string }[]>`select min(position) - 1 as position from events`;
  await sql`truncate sagas, saga_types, saga_starts, saga_counts, saga_maps, flow_members`;
  await sql`update checkpoints set position = ${begin?.position ?? "0"} where name = 'sagas'`;
  await sagas.recognise();
  expect(await listRows(sql)).toEqual(rows);
  expect(await sql`select hour, map from saga_maps order by type_id`).toEqual(maps);
  await expectExact(sql);
});
