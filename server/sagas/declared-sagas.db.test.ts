import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunActionRequest } from "#server/domain/processes/run-action.ts";
import { type Faults, MEDIATOR, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ADDRESS_REFUSED, ordersMediator } from "#server/domain/sagas/testing/sample-systems.ts";
import { readFlow } from "./read-flow.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import { expectExact, forgetSagas, listRows, rowOf } from "./testing/saga-rows.ts";

const { process } = ordersMediator;
if (process === undefined) throw new Error("It is run by a mediator.");
const NAME = process.name;

let sagas: TestSagas;
beforeAll(async () => {
  sagas = await openSagas([ordersMediator.start.service, ...Object.keys(ordersMediator.services), MEDIATOR]);
  sagas.ctx.processes.declare(process);
});
afterAll(() => sagas.database.drop());
beforeEach(() => forgetSagas(sagas.ctx.sql));

/** Runs an order and writes it down, with what its mediator noted of it unless that is left out. */
async function store(flow: string, faults: Faults = {}, { isNoted = true } = {}) {
  const run = runSystem(ordersMediator, faults);
  await sagas.store.store(run.recorder.recorded, { flow });
  if (isNoted)
    await sagas.store.storeHistory(run.transitions, { flow, process: NAME, key: `invoice/${flow}` });
  return run;
}

const act = (request: RunActionRequest) => [{ afterMs: 1_500, request }];
const reason = "The customer called";

describe("The runs of a declared process", () => {
  test.each<[string, string, Faults]>([
    ["has gone well", "completed", {}],
    ["was refused at the end", "compensated", { says: ADDRESS_REFUSED }],
    ["waits for a service", "waiting", { silent: ["inventory"], untilMs: 1_000 }],
    ["is held up by a dead letter", "stuck", { dead: ["inventory"], untilMs: 1_000 }],
    [
      "is being taken back",
      "compensating",
      { silent: ["inventory"], acts: act({ action: "compensate", reason }) },
    ],
    [
      "was called off by a person",
      "compensated",
      { silent: ["mail"], acts: act({ action: "compensate", reason }) },
    ],
    [
      "was cancelled by a person",
      "failed",
      { silent: ["inventory"], acts: act({ action: "cancel", reason }) },
    ],
  ])("one that %s stands in the list as %s, as its trace says", async (flow, state, faults) => {
    await store(flow, faults);
    await sagas.recognise();
    const row = await rowOf(sagas.ctx.sql, flow);
    const { saga, trace } = await readFlow(sagas.ctx, { by: "correlation-id", value: flow });
    expect([row.state, trace.basis, row.type, row.business_key]).toEqual([
      saga.state,
      "declared",
      NAME,
      `invoice/${flow}`,
    ]);
    expect(row.state).toBe(state);
    expect(row.progress.slice(0, 2)).toEqual([saga.progress.completed, saga.progress.of]);
    await expectExact(sagas.ctx.sql);
  });

  test("are listed from the event on that begins one, and wait for their mediator", async () => {
    const run = runSystem(ordersMediator, { away: [MEDIATOR] });
    await sagas.store.store(run.recorder.recorded, { flow: "begun" });
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([{ correlation: "begun", type: NAME, events: 1 }]);
  });

  test("end in the same rows whether they are read once, in parts, or after what was noted came late", async () => {
    const runs: [string, Faults][] = [
      ["well", {}],
      ["undone", { says: ADDRESS_REFUSED }],
      ["held", { dead: ["inventory"], untilMs: 1_000 }],
    ];
    for (const [flow, faults] of runs) {
      const run = runSystem(ordersMediator, faults);
      const { events, deliveries, attempts } = run.recorder.recorded;
      const half = events.slice(0, Math.ceil(events.length / 2));
      const isIn = ({ position }: { position: string }) => half.some((event) => event.position === position);
      const first = {
        events: half,
        deliveries: deliveries.filter(isIn),
        attempts: attempts.filter(isIn),
      };
      await sagas.store.store(first, { flow });
      await sagas.recognise();
      await sagas.store.store(run.recorder.recorded, { flow });
      await sagas.store.storeHistory(run.transitions, { flow, process: NAME, key: `invoice/${flow}` });
      await sagas.recognise();
    }
    sagas.wait(700_000);
    await sagas.recognise();
    const inParts = await listRows(sagas.ctx.sql);
    const { sql } = sagas.ctx;
    const [begin] = await sql<{ position: string }[]>`select min(position) - 1 as position from events`;
    await sql`truncate sagas, saga_types, saga_starts, saga_counts, saga_maps, flow_members`;
    await sql`update checkpoints set position = ${begin?.position ?? "0"} where name = 'sagas'`;
    await sagas.recognise();
    const rows = await listRows(sql);
    const wanted = new Set(runs.map(([flow]) => flow));
    expect(rows.filter(({ correlation }) => wanted.has(correlation))).toEqual(inParts);
    expect(inParts.map(({ state }) => state)).toEqual(["stuck", "compensated", "completed"]);
    await expectExact(sql);
  });
});
