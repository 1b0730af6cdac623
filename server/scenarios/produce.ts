import { randomUUID } from "node:crypto";
import type { SqlTx } from "#drizzle/db.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  addProduced,
  deleteEffectsBefore,
  deleteEndedFaults,
  lockRunningScenarios,
  type ScenarioRow,
  tryLockProducer,
} from "#drizzle/queries/scenarios.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { completeEvent } from "#server/domain/new-event.ts";
import { unitsDue } from "#server/domain/production.ts";
import type { Context } from "#server/platform/context.ts";
import { publishMany } from "../bus/publish.ts";
import type { SampleRequest } from "./call-desk.ts";
import { SCENARIOS_TOPIC } from "./record-change.ts";
import { SCENARIOS } from "./registry.ts";
import { type SampleUnit, type Scenario, sourceOf } from "./scenario.ts";

/** Effects are for finding repeats, and no repeat comes after so long. */
const EFFECTS_KEPT_MS = 24 * 3_600_000;
const EFFECTS_FORGOTTEN = 1_000;

/**
 * Produces what is due in the sample systems that run, in one process at a time, and takes away faults that are over.
 * What is produced and up to when is written together: a restart neither doubles nor loses any of it.
 *
 * @returns what synchronous systems have to answer: their requests are not published here.
 */
export async function produceOnce({
  sql,
  clock,
  random,
}: Pick<Context, "sql" | "clock"> & { random: () => number }): Promise<SampleRequest[]> {
  return sql.begin(async (tx) => {
    const requests: SampleRequest[] = [];
    if (!(await tryLockProducer(tx))) return requests;
    const now = clock.now();
    for (const row of await lockRunningScenarios(tx)) {
      const scenario = SCENARIOS.find(({ name }) => name === row.name);
      if (scenario === undefined) continue;
      requests.push(...(await produceDue(tx, scenario, { row, now, random })));
    }
    const ended = await deleteEndedFaults(tx, now.toISOString());
    if (ended > 0) await notifyTopic(tx, SCENARIOS_TOPIC);
    await deleteEffectsBefore(tx, new Date(now.getTime() - EFFECTS_KEPT_MS).toISOString(), EFFECTS_FORGOTTEN);
    return requests;
  });
}

async function produceDue(
  tx: SqlTx,
  scenario: Scenario,
  { row, now, random }: { row: ScenarioRow; now: Date; random: () => number },
): Promise<SampleRequest[]> {
  const { name, produce, calls } = scenario;
  const from = row.produced_to === null ? now.getTime() : new Date(row.produced_to).getTime();
  const { count, producedTo } = unitsDue({ producedTo: from, now: now.getTime(), rate: row.rate });
  if (count === 0) return [];
  const events = Array.from({ length: count }, () =>
    eventOfUnit(scenario, produce(randomUUID().slice(0, 13), random), now),
  );
  await addProduced(tx, name, { count, producedTo: new Date(producedTo).toISOString() });
  if (calls !== undefined) return events.map((event) => ({ scenario, calls, event }));
  await publishMany(tx, events);
  return [];
}

/** How a unit of a system's traffic enters the log. */
export function eventOfUnit({ name, producer }: Scenario, unit: SampleUnit, now: Date): EventEnvelope {
  const { type, kind, key, partitionKey, data, version } = unit;
  const event = {
    type,
    kind,
    partitionKey,
    source: sourceOf(name, producer),
    subject: key,
    correlationId: key,
    dataContentType: "application/json",
    extensions: { scenario: name, ...(version === undefined ? {} : { dataversion: version }) },
    data: { encoding: "json", text: JSON.stringify(data) },
  } as const;
  return completeEvent(event, { id: randomUUID(), time: now.toISOString() });
}
