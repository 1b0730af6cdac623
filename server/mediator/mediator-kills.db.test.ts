import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProcessState } from "#server/domain/processes/state.ts";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { openTestBus, until } from "../bus/testing/open-bus.ts";
import { subscribeMediator } from "./start-mediator.ts";
import { PATIENCE, type WorkerTask } from "./testing/mediator-worker.ts";
import { COMMANDS, listEffects, makeEffects, SERVICE } from "./testing/order-services.ts";

const WORKER = fileURLToPath(new URL("testing/mediator-worker.ts", import.meta.url));
const NEVER = 1_000_000;

let system: Awaited<ReturnType<typeof openTestBus>>;
let worker: ChildProcess | null = null;
beforeAll(async () => {
  system = await openTestBus();
  await makeEffects(system.sql);
  await subscribeMediator(system.ctx, orderProcess(PATIENCE));
  await system.subscribe(SERVICE, {
    filters: [{ any: COMMANDS.map((type) => ({ exact: { type } })) }],
    concurrency: 4,
  });
});
afterAll(async () => {
  worker?.kill("SIGKILL");
  await system.close();
});

/** Confirms an order and gives the number of points that a worker passes until it is killed, or the orders have ended. */
async function run(order: string, dieAt: number, others: string[] = []): Promise<number> {
  const task: WorkerTask = { databaseUrl: system.database.url, dieAt, order };
  worker = spawn(process.execPath, [WORKER, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] });
  let points = 0;
  worker.stdout?.setEncoding("utf8").on("data", (text: string) => {
    points = Number(text.trim().split("\n").at(-1));
  });
  const exited = once(worker, "exit");
  await system.append([
    {
      type: "order.confirmed",
      source: "/shop",
      partitionKey: order,
      dataContentType: "application/json",
      data: { encoding: "json", text: JSON.stringify({ orderId: order, amount: 10 }) },
    },
  ]);
  let isDead = false;
  void exited.then(() => {
    isDead = true;
  });
  await until(
    async () => isDead || (await Promise.all([order, ...others].map(isOver))).every(Boolean),
    200_000,
  );
  if (!isDead) worker.kill("SIGKILL");
  await exited;
  return points;
}

/** Ended, and its last word stands in the log. */
async function isOver(order: string): Promise<boolean> {
  const rows = await system.sql`
    select from events where partition_key = ${order}
    and type_id in (select id from interned_names where name in ('order.fulfilled', 'order.cancelled'))`;
  return rows.length > 0;
}

/** Where an order ended, without what time decides: moments, and how often a mail was sent again. */
async function outcomeOf(order: string) {
  const [row] = await system.sql<{ id: string; state: ProcessState }[]>`
    select id, state from processes where business_key = ${order}`;
  if (!row) throw new Error(`There is no process of ${order}.`);
  const { status, completed, failure, steps } = row.state;
  const transitions = await system.sql<{ kind: string; step: string | null }[]>`
    select distinct kind, step from process_transitions where process_id = ${row.id} order by kind, step`;
  const events = await system.sql<{ count: number }[]>`
    select count(*)::int as count from events where partition_key = ${order}
    and type_id in (select id from interned_names where name in ('order.fulfilled', 'order.cancelled'))`;
  return {
    status,
    completed: completed.toSorted(),
    failure,
    steps: Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step.status])),
    transitions: [...transitions],
    lastWords: events[0]?.count,
    effects: { ...(await listEffects(system.sql, order)), "mail.send": undefined },
  };
}

test.each([
  { kind: "refuse-lose", killedAt: (points: number) => range(1, points) },
  // Up to the shipping, the other one has been through the same.
  { kind: "lose", killedAt: (points: number) => range(points - 4, points) },
])(
  "a process ($kind) that is killed at any point goes on and ends as an undisturbed one",
  async ({ kind, killedAt }) => {
    const points = await run(`undisturbed-${kind}`, NEVER);
    const undisturbed = await outcomeOf(`undisturbed-${kind}`);
    expect(undisturbed.status).toBe(kind === "lose" ? "completed" : "compensated");
    expect(points).toBeGreaterThan(kind === "lose" ? 12 : 18);
    expect(undisturbed.effects).toMatchObject({
      "inventory.reserve": 1,
      "points.add": 1,
      "shipping.ship": 1,
    });

    const kills = killedAt(points).map((dieAt) => ({ dieAt, order: `killed-${kind}-${dieAt}` }));
    const orders = kills.map(({ order }) => order);
    for (const { order, dieAt } of kills) await run(order, dieAt);
    // Whatever the last of them left is ended by one more.
    await run(`after-${kind}`, NEVER, orders);
    for (const order of orders)
      expect({ order, ...(await outcomeOf(order)) }).toEqual({ order, ...undisturbed });
  },
  500_000,
);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
