import { afterAll, beforeAll, expect, test } from "vitest";
import { getSubscription } from "#server/bus/get-subscription.ts";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { injectFault, playPreset, removeFault } from "../change-fault.ts";
import { getScenarioDto } from "../list-scenarios.ts";
import { produceOnce } from "../produce.ts";
import { removeScenarioData } from "../remove-data.ts";
import { setRate, startScenario, stopScenario } from "../start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start("sensors");
});
afterAll(() => system.close());

const reading = (id: string, data: { machineId?: string; temperature?: number; vibration?: number }) => {
  const whole = { readingId: id, machineId: "machine-1", plant: "plant-2", temperature: 50, vibration: 1 };
  const { machineId } = { ...whole, ...data };
  return { type: "reading.taken", key: id, partitionKey: machineId, data: { ...whole, ...data } };
};
const put = (units: ReturnType<typeof reading>[]) => system.put("sensors", "machines", units);
const heard = (key: string, type: string) => until(async () => (await system.flow(key)).includes(type));
const waitingFor = async (service: string) => {
  const { backlog } = await getSubscription(system.ctx, `sensors.${service}`);
  return backlog?.count ?? 0;
};
/** What is known of faults may be as old as this. */
const faultsAreKnown = () => new Promise((resolve) => setTimeout(resolve, 300));

test("a machine that is too hot is known while the detector is far behind, which finds its anomaly later", async () => {
  const usual = Array.from({ length: 40 }, (_, at) => reading(`usual-${at}`, {}));
  await put([...usual, reading("hot", { temperature: 90.5, vibration: 7.1 })]);
  await heard("hot", "alert.raised");
  expect(await waitingFor("detector")).toBeGreaterThan(20);
  expect(await system.flow("hot")).toEqual(["reading.taken", "alert.raised"]);
  await heard("hot", "anomaly.found");
  expect(await system.flow("hot")).toEqual(["reading.taken", "alert.raised", "anomaly.found"]);
  expect(await system.flow("usual-0")).toEqual(["reading.taken"]);
});

test("a very slow detector holds up no alert", async () => {
  await playPreset(system.ctx, "sensors", "detector-is-slow");
  await faultsAreKnown();
  await put(
    Array.from({ length: 20 }, (_, at) => reading(`slow-${at}`, { temperature: 95, vibration: 7.1 })),
  );
  for (let at = 0; at < 20; at += 1) await heard(`slow-${at}`, "alert.raised");
  expect(await waitingFor("detector")).toBeGreaterThan(10);
  await until(async () => (await waitingFor("alerts")) === 0);
  await removeFault(system.ctx, "sensors", "detector");
});

test("the rubbish of one machine becomes dead letters, and the others are watched", async () => {
  await playPreset(system.ctx, "sensors", "machine-sends-rubbish");
  await faultsAreKnown();
  await put([
    reading("rubbish", { machineId: "machine-7", temperature: 95 }),
    reading("sound", { machineId: "machine-8", temperature: 95 }),
  ]);
  await heard("sound", "alert.raised");
  await until(async () => (await getSubscription(system.ctx, "sensors.alerts")).dead.count === 1);
  expect(await system.flow("rubbish")).toEqual(["reading.taken"]);
  await removeFault(system.ctx, "sensors", "alerts");
});

test("at the highest rate all of it is produced and watched, and removed again", async () => {
  const clock = createFixedClock(new Date());
  const ctx = { ...system.ctx, clock };
  await stopScenario(ctx, "sensors");
  await setRate(ctx, "sensors", 500);
  await startScenario(ctx, "sensors");
  // The detector would only be busy.
  await injectFault(system.ctx, "sensors", {
    service: "detector",
    fault: faultInputSchema.parse({ isDown: true, seconds: null }),
  });
  await system.reload();
  clock.advance(2_000);
  await produceOnce({ ...ctx, random: Math.random });
  expect((await getScenarioDto(ctx, "sensors")).produced).toBe(1_000);
  const produced = async () => {
    const rows = await system.sql<{ machine: string }[]>`
      select partition_key as machine from events join interned_names n on n.id = type_id
      where n.name = 'reading.taken' and subject like 'reading-%'`;
    return rows.map(({ machine }) => machine);
  };
  await until(async () => (await produced()).length === 1_000);
  expect(new Set(await produced()).size).toBeGreaterThan(500);
  await until(async () => (await waitingFor("alerts")) === 0);
  await stopScenario(ctx, "sensors");
  const { confirm } = await removeScenarioData(ctx, "sensors", { dryRun: true });
  await removeScenarioData(ctx, "sensors", { dryRun: false, confirm });
  expect(await produced()).toEqual([]);
});

test("at a steady 500 a second, alerts stay ahead of the detector all the time, by thousands of readings", async () => {
  const total = 4_000;
  const { ctx } = system;
  await system.start("sensors");
  await setRate(ctx, "sensors", 500);
  const before = (await getScenarioDto(ctx, "sensors")).produced;
  const produced = async () => (await getScenarioDto(ctx, "sensors")).produced - before;
  const samples: { alerts: number; detector: number }[] = [];
  await until(async () => {
    await produceOnce({ ...ctx, random: Math.random });
    // In this order: the detector has had more time.
    const alerts = await waitingFor("alerts");
    samples.push({ alerts, detector: await waitingFor("detector") });
    return (await produced()) >= total;
  }, 120_000);
  expect(samples.filter(({ alerts, detector }) => alerts > detector)).toEqual([]);
  await until(async () => (await waitingFor("alerts")) === 0, 120_000);
  expect(await waitingFor("detector")).toBeGreaterThanOrEqual(1_000);
});
