import { afterAll, beforeAll, expect, test } from "vitest";
import { insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { addPostings } from "#drizzle/queries/event-postings.ts";
import { sumUpDays } from "#drizzle/queries/hourly-counts.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { countUnroutedOnce } from "../bus/count-unrouted.ts";
import type { PlainHandlerContext } from "../bus/handlers.ts";
import { LetterKeeper, settleKeeper } from "../dead-letters/keep-letters.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { markViolationsOnce } from "../schemas/mark-violations.ts";
import { countHoursOnce } from "../workers/count-hours.ts";
import { removeScenarioData } from "./remove-data.ts";
import { stopScenario } from "./start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "./testing/open-scenarios.ts";

let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
});
afterAll(() => system.close());

async function remove(name: string): Promise<void> {
  const { confirm } = await removeScenarioData(system.ctx, name, { dryRun: true });
  await removeScenarioData(system.ctx, name, { dryRun: false, confirm });
}

/** An event of a flow as a consumer gets it. */
async function handed(key: string): Promise<{ event: EventEnvelope; context: PlainHandlerContext }> {
  const [row] = await system.sql<{ position: string }[]>`
    select position from events where correlation_id = ${key} order by position limit 1`;
  const position = row?.position ?? "";
  const event = (await listEnvelopes(system.sql, system.ctx.names, [position])).get(position);
  if (event === undefined) throw new Error(`There is no event in the flow ${key}.`);
  return { event, context: { position, attempt: 1, signal: new AbortController().signal } };
}

const leftOf = async (name: string) => {
  const [row] = await system.sql<{ effects: number; unsent: number; events: number; rows: number }[]>`
    select (select count(*)::int from sample_effects where scenario = ${name}) as effects,
      (select count(*)::int from outbox where envelope like ${`%"/samples/${name}/%`}) as unsent,
      (select count(*)::int from events join interned_names n on n.id = source_id
        where n.name like ${`/samples/${name}/%`}) as events,
      (select count(*)::int from deliveries where subscription_id not in (select id from subscriptions))
        + (select count(*)::int from attempts where subscription_id not in (select id from subscriptions)) as rows`;
  return row;
};
const NOTHING = { effects: 0, unsent: 0, events: 0, rows: 0 };

test("a removal waits for who is at work, and removes that as well", async () => {
  const { ctx, sql } = system;
  await system.start("orders-broker");
  let free = () => {};
  const held = new Promise<void>((resolve) => {
    free = resolve;
  });
  let isHeld = () => {};
  const taken = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const holding = sql.begin(async (tx) => {
    await tx`lock table sample_effects in share mode`;
    isHeld();
    await held;
  });
  await taken;
  await system.order("orders-broker", "order.confirmed", { orderId: "at-work" });
  const waiting = async (mode: string) => {
    const rows = await sql`
      select from pg_locks where not granted and mode = ${mode}
        and database = (select oid from pg_database where datname = current_database())`;
    return rows.length;
  };
  // Four services react to it, each within a transaction.
  await until(async () => (await waiting("RowExclusiveLock")) >= 4);
  await stopScenario(ctx, "orders-broker");
  const removing = remove("orders-broker");
  await until(async () => (await waiting("ExclusiveLock")) >= 1);
  free();
  await Promise.all([holding, removing]);
  expect(await leftOf("orders-broker")).toEqual(NOTHING);
});

test("who began before a removal writes nothing after it, also when the system is on again", async () => {
  const { ctx, sql, handlers } = system;
  for (const name of ["orders-broker", "orders-mediator"]) {
    await system.start(name);
    await system.order(name, "order.confirmed", { orderId: `late-${name}`, address: "x" });
  }
  await until(async () => (await system.flow("late-orders-mediator")).includes("order.fulfilled"));
  await until(async () => (await system.flow("late-orders-broker")).includes("order.shipped"));
  const toBroker = await handed("late-orders-broker");
  const toMediator = await handed("late-orders-mediator");
  for (const name of ["orders-broker", "orders-mediator"]) {
    await stopScenario(ctx, name);
    await remove(name);
    await system.start(name);
  }
  const mail = handlers.find("orders-broker.mail");
  const mediator = handlers.find("orders-mediator.mediator");
  if (mail?.transaction !== "none" || mediator?.transaction !== "each") throw new Error("They are others.");
  await expect(mail.handle(toBroker.event, toBroker.context)).rejects.toThrow(/was removed/);
  const { event, context } = toMediator;
  const publish = () => Promise.reject(new Error("It publishes nothing in this way."));
  await expect(sql.begin((tx) => mediator.handle(event, { ...context, tx, publish }))).rejects.toThrow(
    /was removed/,
  );
  for (const name of ["orders-broker", "orders-mediator"]) {
    expect(await leftOf(name)).toEqual(NOTHING);
    await stopScenario(ctx, name);
  }
  expect(await sql`select from processes`).toHaveLength(0);
});

test("takes its events out of what was judged, of what nobody took, of counted days and of where events are found, and leaves those of others", async () => {
  const { ctx, sql } = system;
  await system.start("notifications");
  const data = { customerId: "customer-1000", full_name: "Own Form", wants: ["mail"] };
  const unit = { type: "user.registered", partitionKey: "a", version: "2.0" };
  await system.put("notifications", "accounts", [
    { ...unit, key: "sound", data },
    { ...unit, key: "broken", data: { customerId: "customer-1001" } },
  ]);
  const json = { encoding: "json", text: JSON.stringify(data) } as const;
  const source = "/elsewhere";
  await system.append([
    { id: "own", type: "user.registered", source, extensions: { dataversion: "2.0" }, data: json },
    { id: "sent", type: "notification.sent", source, data: json },
  ]);
  await until(async () => (await system.flow("sound")).includes("notification.sent"));
  const count = async () => {
    while (await markViolationsOnce(ctx));
    while (await countUnroutedOnce(ctx));
    const [judged] = await sql<{ judged: number; violations: number }[]>`
      select sum(judged)::int as judged, sum(violations)::int as violations from schema_counts`;
    const unrouted = await sql<{ type: string; events: number }[]>`
      select n.name as type, sum(events)::int as events from unrouted_events
      join interned_names n on n.id = type_id where n.name = 'notification.sent' group by 1`;
    return { ...judged, unrouted };
  };
  const sent = (events: number) => [{ type: "notification.sent", events }];
  await until(async () => (await count()).judged === 3);
  expect(await count()).toEqual({ judged: 3, violations: 1, unrouted: sent(2) });
  await stopScenario(ctx, "notifications");
  await sql`update events set subject = 'account'`;
  await addPostings(sql, await getSafePosition(sql), 1);
  while (await countHoursOnce(ctx));
  // As if the day were over.
  await sql.begin(async (tx) => {
    await tx`update checkpoints set position = position + 86400000000 where name = 'hourly-counts'`;
    await sumUpDays(tx, "0");
  });
  const countedBy = (table: string) => sql`
    select name_id, sum(events)::int as events from ${sql(table)} group by 1 order by 1`;
  const before = [...(await countedBy("daily_counts"))];
  await remove("notifications");
  expect(await count()).toEqual({ judged: 1, violations: 0, unrouted: sent(1) });
  const after = [...(await countedBy("daily_counts"))];
  expect(after.length).toBeLessThan(before.length);
  expect(after).toEqual([...(await countedBy("hourly_counts"))]);
  await sql`update checkpoints set position = position - 86400000000 where name = 'hourly-counts'`;
  const posted = await sql`
    select name_id, ((first >> 31) << 31) | low as position from event_postings, unnest(low_bits) low order by 1, 2`;
  const named = await sql`
    select name_id, position from events,
      lateral (values (type_id), (source_id), (subject_posting(subject))) named (name_id)
    where name_id is not null order by 1, 2`;
  expect(named.some(({ name_id }) => name_id < 0)).toBe(true);
  expect([...posted]).toEqual([...named]);
});

test("takes its letters out of the cases of others, and its own cases go with it", async () => {
  const { ctx, sql } = system;
  await system.start("notifications");
  await system.append([
    { id: "sampled", type: "user.registered", source: "/samples/notifications/accounts" },
    { id: "elsewhere", type: "user.left", source: "/elsewhere" },
  ]);
  await sql`
    with cursor as (insert into delivery_cursors (position, reached) values (0, 0) returning id)
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    select 'auditor', id, '{"kind": "external"}', 'none', 'block', 1, '{}', 1000 from cursor`;
  const dies = async (consumerLike: string, id: string, message: string) => {
    const [row] = await sql<{ sub: number; position: string }[]>`
      select (select min(id) from subscriptions where consumer like ${consumerLike} and deleted_at is null) as sub,
        position from events where id = ${id}`;
    if (!row) throw new Error(`There is no event ${id}.`);
    const death = {
      position: row.position,
      generation: 9,
      diedAtUs: Date.now() * 1000,
      message,
      attempts: 1,
    };
    await sql.begin((tx) => insertDeadLetters(tx, row.sub, [death]));
  };
  await dies("notifications.%", "sampled", "Not sent");
  await dies("auditor", "sampled", "Not audited");
  await dies("auditor", "elsewhere", "Not audited");
  await settleKeeper(new LetterKeeper(ctx));
  await stopScenario(ctx, "notifications");
  await remove("notifications");
  expect(await sql`select event_id, status from dead_letters_with_status`).toEqual([
    { event_id: "elsewhere", status: 0 },
  ]);
  const cases =
    await sql`select message, parked::int, deaths::int from failure_cases where parked > 0 or message = 'Not sent'`;
  expect(cases).toEqual([{ message: "Not audited", parked: 1, deaths: 1 }]);
});
