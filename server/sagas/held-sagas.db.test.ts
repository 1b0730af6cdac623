import { afterAll, beforeAll, expect, test } from "vitest";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import { SagaRecogniser } from "./recognise-sagas.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import { rowOf } from "./testing/saga-rows.ts";

/** More than one round looks at of anything. */
const OTHERS = 5_000;
/** So long before: no event of another flow is as old. */
const BEFORE_US = 1_000_000;

let sagas: TestSagas;
beforeAll(async () => {
  sagas = await openSagas([ordersSaga.start.service, ...Object.keys(ordersSaga.services)]);
});
afterAll(() => sagas.database.drop());

/** Lets dead letters hold up many sagas more, whose events are older than those of all others. */
async function holdOthers(): Promise<void> {
  const { sql } = sagas.ctx;
  await sql`
    with held as (select * from sagas where held_position is not null limit 1)
    insert into sagas (id, type_id, correlation_kind, correlation, basis, state, since, started_at, completed, steps, failed,
      compensated, to_compensate, events, services, first_position, last_position, held_position, looked_at)
    select gen_random_uuid(), type_id, correlation_kind, 'other-' || n, basis, state, since, started_at, completed, steps,
      failed, compensated, to_compensate, events, services, first_position - n, last_position - n, held_position - n, now()
    from held cross join generate_series(${BEFORE_US + 1}::int, ${BEFORE_US + OTHERS}::int) n`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select held_position, (select id from subscriptions where consumer = 'mail'), 1, 0, 4, 3
    from sagas where correlation like 'other-%'`;
}

test("A saga goes on at once when its dead letter is delivered, however many others are held up", async () => {
  const { sql } = sagas.ctx;
  const { recorder } = runSystem(ordersSaga, { dead: ["mail"] });
  await sagas.store.store(recorder.recorded, { flow: "held" });
  const recogniser = new SagaRecogniser(sagas.ctx);
  while (await recogniser.recogniseOnce());
  expect(await rowOf(sql, "held")).toMatchObject({ state: "stuck", held: true });
  await holdOthers();
  sagas.wait(60_000);
  await recogniser.recogniseOnce();
  expect(await rowOf(sql, "held")).toMatchObject({ state: "stuck", held: true });

  const confirmed = recorder.events.find(({ type }) => type === "order.confirmed");
  const position = sagas.store.positionOf("held", confirmed?.position ?? "");
  await sql`update deliveries set status = 2 where position = ${position}`;
  sagas.wait(60_000);
  await recogniser.recogniseOnce();
  expect(await rowOf(sql, "held")).toMatchObject({ state: "completed", held: false });
});

test("A saga that took too long is found to have ended, though nothing was recorded of that", async () => {
  const { sql } = sagas.ctx;
  for (let n = 0; n < 25; n += 1) {
    await sagas.store.store(runSystem(ordersSaga, { seed: n + 1 }).recorder.recorded, { flow: `usual-${n}` });
  }
  const { recorder } = runSystem(ordersSaga, { away: ["mail"] });
  await sagas.store.store(recorder.recorded, { flow: "slow" });
  await sagas.recognise();
  sagas.wait(60_000);
  await sagas.recognise();
  expect(await rowOf(sql, "slow")).toMatchObject({ state: "stuck", awaits: "delivery" });
  const confirmed = recorder.events.find(({ type }) => type === "order.confirmed");
  if (confirmed !== undefined) recorder.attempt(confirmed, "mail");
  await sagas.store.store(recorder.recorded, { flow: "slow" });
  sagas.wait(300_000);
  await sagas.recognise();
  expect(await rowOf(sql, "slow")).toMatchObject({ state: "completed", awaits: null });
});
