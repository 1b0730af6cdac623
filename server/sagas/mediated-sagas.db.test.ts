import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MEDIATOR, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ordersMediator } from "#server/domain/sagas/testing/sample-systems.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import { countTopologyOnce } from "../topology/count-topology.ts";
import { observeFlowsOnce } from "../topology/observe-flows.ts";
import { readFlow } from "./read-flow.ts";
import { SagaRecogniser } from "./recognise-sagas.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import { expectExact, forgetSagas } from "./testing/saga-rows.ts";

/** As many as it takes for the topology to be sure. */
const ORDERS = 12;

let sagas: TestSagas;
beforeAll(async () => {
  sagas = await openSagas([ordersMediator.start.service, ...Object.keys(ordersMediator.services), MEDIATOR]);
});
afterAll(() => sagas.database.drop());
beforeEach(async () => {
  const { sql } = sagas.ctx;
  await forgetSagas(sql);
  await sql`truncate flow_candidates, flow_minutes`;
});

const storeOrder = async (flow: string, away: string[] = []) =>
  sagas.store.store(runSystem(ordersMediator, { away }).recorder.recorded, { flow });

/** Lets the topology examine everything that there is, as if it had long come to rest. */
async function observe(): Promise<void> {
  const { sql } = sagas.ctx;
  while (await countTopologyOnce({ sql }));
  const later = { ...sagas.ctx, clock: { ...sagas.ctx.clock, now: () => new Date(Date.now() + 86_400_000) } };
  for (let left = 1; left > 0; ) {
    await sql`update flow_candidates set look_at = now()`;
    await observeFlowsOnce(later);
    left = (await sql`select from flow_candidates`).length;
  }
}

async function basisInList(flow: string) {
  const [row] = await sagas.ctx.sql<{ basis: number }[]>`
    select basis from sagas where correlation = ${flow}`;
  return row === undefined ? null : TRACE_BASES[row.basis];
}

async function basisOfTrace(flow: string) {
  return (await readFlow(sagas.ctx, { by: "correlation-id", value: flow })).trace.basis;
}

describe("A mediator that nobody declared", () => {
  test("is made known to the sagas that were read before it was found", async () => {
    const recogniser = new SagaRecogniser(sagas.ctx);
    const recognise = async () => {
      while (await recogniser.recogniseOnce());
    };
    for (let n = 0; n < ORDERS; n += 1) await storeOrder(`early-${n}`);
    await storeOrder("held-up", ["payment"]);
    await recognise();
    expect(await basisInList("held-up")).toBe("choreographed");
    await observe();
    sagas.wait(61_000);
    await recognise();
    await storeOrder("late");
    await recognise();
    await recognise();
    expect(await basisInList("held-up")).toBe("mediated");
    expect(await basisOfTrace("held-up")).toBe("mediated");
    await expectExact(sagas.ctx.sql);
  });

  test("is known in the list by the same flows as in a trace, however long ago they began", async () => {
    for (let n = 0; n < ORDERS; n += 1) await storeOrder(`usual-${n}`);
    await sagas.recognise();
    await observe();
    await storeOrder("young", ["payment"]);
    sagas.wait(5 * 3_600_000);
    await sagas.recognise();
    expect(await basisOfTrace("young")).toBe("mediated");
    expect(await basisInList("young")).toBe("mediated");
    await expectExact(sagas.ctx.sql);
  });
});
