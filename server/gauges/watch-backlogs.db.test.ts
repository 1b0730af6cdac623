import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listOpenDeliveries, listWrittenWithin } from "#drizzle/queries/gauges.ts";
import { pauseSubscription, resumeSubscription } from "../bus/pause-subscription.ts";
import { rewindSubscription } from "../bus/rewind-subscription.ts";
import { openTestBus, type TestBus, until } from "../bus/testing/open-bus.ts";
import { BacklogWatch, type ConsumerBacklog } from "./watch-backlogs.ts";

let bus: TestBus;
let watch: BacklogWatch;
beforeAll(async () => {
  bus = await openTestBus();
  watch = new BacklogWatch(bus.ctx);
});
afterAll(() => bus.close());

async function backlogOf(consumer: string): Promise<ConsumerBacklog | undefined> {
  return (await watch.read()).find((one) => one.consumer === consumer);
}

const only = (type: string) => ({ filters: [{ exact: { type } }] });

describe("The backlog of a consumer", () => {
  test("is what it has to get, is at, and is to get again", async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    bus.handlers.register("slow", {
      transaction: "none",
      handle: async ({ id }) => {
        begun += 1;
        if (id !== "first") await gate.promise;
      },
    });
    await bus.subscribe("slow", { ...only("slow"), concurrency: 2 });
    const [first, second] = await bus.append(
      ["first", "second", "third"].map((id) => ({ id, type: "slow" })),
    );
    await bus.append([{ type: "of no interest" }]);
    expect(await backlogOf("slow")).toMatchObject({ count: 3, isExact: true, oldest: Number(first) });
    await bus.startBus();
    await until(() => begun === 3);
    // The first has ended and is written down while the stretch goes on.
    await until(async () => (await backlogOf("slow"))?.count === 2);
    expect(await backlogOf("slow")).toMatchObject({ isExact: true, oldest: Number(second) });
    gate.resolve();
    await until(async () => (await backlogOf("slow"))?.count === 0);
    expect(await backlogOf("slow")).toMatchObject({ isExact: true, oldest: null });

    await pauseSubscription(bus.ctx, "slow");
    const back = { to: String(Number(first) - 1) };
    const { confirm } = await rewindSubscription(bus.ctx, "slow", { ...back, dryRun: true });
    await rewindSubscription(bus.ctx, "slow", { ...back, dryRun: false, confirm });
    expect(await backlogOf("slow")).toMatchObject({ count: 3, oldest: Number(first) });
    await resumeSubscription(bus.ctx, "slow");
    await until(async () => (await backlogOf("slow"))?.count === 0);
  });

  test("is a least until the log was looked through, a part at a time", async () => {
    await bus.subscribe("behind", only("many"));
    await pauseSubscription(bus.ctx, "behind");
    expect(await backlogOf("behind")).toMatchObject({ count: 0, isExact: true });
    for (let part = 0; part < 5; part += 1) {
      await bus.append(
        Array.from({ length: 1_000 }, (_, index) => ({ type: index % 2 === 0 ? "many" : "others" })),
      );
    }
    const looked = await backlogOf("behind");
    expect(looked?.isExact).toBe(false);
    expect(looked?.count).toBeLessThan(2_500);
    await until(async () => (await backlogOf("behind"))?.isExact === true);
    expect(await backlogOf("behind")).toMatchObject({ count: 2_500, isExact: true });
  });

  test("is counted without reading what has ended", async () => {
    const { sql } = bus.database;
    const at = Date.now() * 1_000;
    await sql`
      insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
      select ${at}::bigint + n, 1000 + n % 20, 1, 0, case when n % 500 = 0 then 3 else 2 end, 1 from generate_series(1, 20000) n`;
    await sql`vacuum analyze deliveries`;
    const lease = {
      subscription_id: 1_000,
      after_position: String(at),
      to_position: String(at + 100),
      generation: 0,
    };
    const connection = await sql.reserve();
    const scans = async () => {
      await connection`select pg_stat_force_next_flush()`;
      await connection`select pg_stat_clear_snapshot()`;
      const [row] = await connection<{ scans: number }[]>`
        select sum(seq_scan)::int as scans from pg_stat_user_tables where relname like 'deliveries%' and n_live_tup > 10000`;
      return row?.scans;
    };
    try {
      const before = await scans();
      expect(await listOpenDeliveries(connection, [1_000, 1_001], 100)).toMatchObject([
        { open: 40 },
        { open: 0 },
      ]);
      expect(await listWrittenWithin(connection, [lease], 100)).toHaveLength(5);
      expect(await scans()).toBe(before);
    } finally {
      connection.release();
    }
  });
});
