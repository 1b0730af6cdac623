import { afterAll, beforeAll, expect, test } from "vitest";
import { getSubscription } from "#server/bus/get-subscription.ts";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { injectFault, playPreset, removeFault } from "../change-fault.ts";
import { removeScenarioData } from "../remove-data.ts";
import { stopScenario } from "../start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start("trading");
});
afterAll(() => system.close());

const trade = (tradeId: string, symbol: string, shares: number) => ({
  type: "trade.executed",
  key: tradeId,
  partitionKey: symbol,
  data: { tradeId, symbol, side: shares < 0 ? "sell" : "buy", quantity: Math.abs(shares), price: 10 },
});
const put = (trades: ReturnType<typeof trade>[]) => system.put("trading", "exchange", trades);
const heard = (key: string, type: string) => until(async () => (await system.flow(key)).includes(type));
/** What positions said of a symbol, as it stands in the log. */
const changesOf = async (symbol: string) => {
  const rows = await system.sql<{ data_text: string }[]>`
    select data_text from events join interned_names n on n.id = type_id
    where n.name = 'position.changed' and partition_key = ${symbol} order by position`;
  return rows.map(({ data_text }): { tradeId: string; position: number } => JSON.parse(data_text));
};
const totals = async () => {
  const rows = await system.sql<{ name: string; total: number }[]>`select name, total from sample_totals`;
  return Object.fromEntries(rows.map(({ name, total }) => [name, total]));
};
/** What is known of faults may be as old as this. */
const faultsAreKnown = () => new Promise((resolve) => setTimeout(resolve, 300));

test("positions follow the trades, and risk tells once when one passes the limit", async () => {
  await put([trade("a-1", "ACME", 1_500), trade("a-2", "ACME", 600), trade("a-3", "ACME", 100)]);
  await put([trade("b-1", "BOLT", -2_000), trade("b-2", "BOLT", -100)]);
  await heard("a-2", "risk.limit-exceeded");
  await heard("b-2", "risk.limit-exceeded");
  await until(async () => (await changesOf("ACME")).length === 3);
  expect((await changesOf("ACME")).map(({ position }) => position)).toEqual([1_500, 2_100, 2_200]);
  expect((await changesOf("BOLT")).map(({ position }) => position)).toEqual([-2_000, -2_100]);
  await until(async () => (await getSubscription(system.ctx, "trading.risk")).backlog?.count === 0);
  for (const quiet of ["a-1", "a-3", "b-1"]) {
    expect(await system.flow(quiet)).toEqual(["trade.executed", "position.changed"]);
  }
});

test("trades that are held back keep their order within the symbol, and hold up no other", async () => {
  await injectFault(system.ctx, "trading", {
    service: "positions",
    fault: faultInputSchema.parse({ reorderRate: 1 }),
  });
  await faultsAreKnown();
  // Each is held back half a second at least: together for longer than any one is.
  const ids = Array.from({ length: 6 }, (_, at) => `c-${at}`);
  const others = ["DUNE", "ECHO", "FLUX"];
  // At once, so that they are taken together: what comes while a stretch of the log is at work waits for its end.
  await put([
    ...ids.map((id, at) => trade(id, "CRUX", 2 ** at)),
    ...others.map((symbol) => trade(`only-${symbol}`, symbol, 1)),
  ]);
  await until(async () => (await changesOf("CRUX")).length === ids.length);
  for (const symbol of others) {
    await until(async () => (await changesOf(symbol)).length === 1);
  }
  const changes = await changesOf("CRUX");
  expect(changes.map(({ tradeId }) => tradeId)).toEqual(ids);
  expect(changes.map(({ position }) => position)).toEqual(ids.map((_, at) => 2 ** (at + 1) - 1));
  const moments = await system.sql<{ key: string }[]>`
    select partition_key as key from events join interned_names n on n.id = type_id
    where n.name = 'position.changed' and partition_key = any('{CRUX,DUNE,ECHO,FLUX}') order by position`;
  expect(moments.at(-1)?.key).toBe("CRUX");
  await removeFault(system.ctx, "trading", "positions");
});

test("a trade that comes twice is booked once", async () => {
  await injectFault(system.ctx, "trading", {
    service: "positions",
    fault: faultInputSchema.parse({ duplicateRate: 1 }),
  });
  await faultsAreKnown();
  const before = await changesOf("DUNE");
  await put(Array.from({ length: 10 }, (_, at) => trade(`twice-${at}`, "DUNE", 10)));
  await until(async () => (await changesOf("DUNE")).length === before.length + 10);
  await until(async () => (await getSubscription(system.ctx, "trading.positions")).backlog?.count === 0);
  expect((await totals())["positions/DUNE"]).toBe(101);
  const { "positions/trade-booked": times } = await system.effectsOf("trading", "twice-9");
  expect(times).toBe(2);
  await removeFault(system.ctx, "trading", "positions");
});

test("while risk is down positions go on, and risk tells of it when it is back", async () => {
  await playPreset(system.ctx, "trading", "risk-is-down");
  await faultsAreKnown();
  await put([trade("e-1", "ECHO", 3_000), trade("e-2", "ECHO", 1)]);
  await heard("e-2", "position.changed");
  await until(async () => (await getSubscription(system.ctx, "trading.risk")).attemptsLately.failed > 0);
  expect(await system.flow("e-1")).toEqual(["trade.executed", "position.changed"]);
  await removeFault(system.ctx, "trading", "risk");
  await heard("e-1", "risk.limit-exceeded");
});

test("what it wrote is removed, with the positions", async () => {
  await until(async () => (await totals())["tape/traded/ACME"] === 2_200);
  await stopScenario(system.ctx, "trading");
  const { confirm } = await removeScenarioData(system.ctx, "trading", { dryRun: true });
  await removeScenarioData(system.ctx, "trading", { dryRun: false, confirm });
  expect(await totals()).toEqual({});
  expect(await changesOf("ACME")).toEqual([]);
});
