import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeStatuses } from "#drizzle/testing/letters.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { fillLetters, openLetters, type TestLetters } from "../testing/open-letters.ts";

let system: TestLetters;
beforeAll(async () => {
  system = await openLetters();
  await system.startBus();
});
afterAll(() => system.close());

const act = (action: "discard" | "restore", selection: LetterSelection, rest: Record<string, unknown> = {}) =>
  system.ask("POST", `/api/v1/dead-letters/${action}`, { selection, reason: "A test order.", ...rest });
const filter = (consumer: string, upTo?: string): LetterSelection => ({
  kind: "filter",
  filter: { consumer: [consumer] },
  ...(upTo === undefined ? {} : { upTo }),
});
const statusesOf = async (consumer: string) =>
  (await system.letters()).filter((letter) => letter.consumer === consumer).map(({ status }) => status);
const deliveriesOf = (consumer: string) => system.sql<
  { event: string; status: number; generation: number; key: string | null }[]
>`
  select e.id as event, d.status, d.generation, d.ordering_key as key from deliveries d
  join events e on e.position = d.position join subscriptions s on s.id = d.subscription_id
  where s.consumer = ${consumer} order by e.position`;
const dying = (consumer: string, ids: string[], message = "Refused.") =>
  fillLetters(
    system,
    ids.map((id) => ({ id: `${consumer}-${id}`, type: "nothing.else", deadIn: { [consumer]: message } })),
  );

describe("Discarding dead letters", () => {
  test("counts first, changes just what was counted, and can be taken back", async () => {
    await dying("ledger", ["1", "2", "3"]);
    await system.settleKeeper();
    const dry = await act("discard", filter("ledger"), { dryRun: true });
    expect(dry).toMatchObject({ status: 200, body: { count: 3, skipped: 0, newer: 0, done: false } });
    expect(await statusesOf("ledger")).toEqual([0, 0, 0]);
    await dying("ledger", ["4", "5"]);
    await system.settleKeeper();
    const { upTo } = dry.body;
    const done = await act("discard", filter("ledger", upTo), { view: "/dead-letters?consumer=ledger" });
    expect(done.body).toEqual({ count: 3, skipped: 0, newer: 2, upTo, done: true });
    expect(await statusesOf("ledger")).toEqual([3, 3, 3, 0, 0]);
    expect((await deliveriesOf("ledger")).map(({ status }) => status)).toEqual([5, 5, 5, 4, 4]);
    await system.settleKeeper();
    expect(await system.counters()).toEqual(await system.recount());
    expect((await act("discard", filter("ledger", upTo))).body).toMatchObject({ count: 0, skipped: 3 });

    const [position = ""] = await system.sql<{ position: string }[]>`
      select position from events where id = 'ledger-2'`.then((rows) => rows.map((row) => row.position));
    const one: LetterSelection = { kind: "letters", letters: [{ position, consumer: "ledger" }] };
    expect((await act("restore", one, { reason: "" })).body).toMatchObject({
      count: 1,
      skipped: 0,
      newer: 0,
    });
    expect(await statusesOf("ledger")).toEqual([3, 0, 3, 0, 0]);
    expect((await deliveriesOf("ledger"))[1]).toMatchObject({ status: 4, generation: 0 });
    await system.settleKeeper();
    expect(await system.counters()).toEqual(await system.recount());

    const { body } = await system.ask("GET", `/api/v1/dead-letters/${position}/ledger`);
    expect(body.history).toMatchObject([
      { kind: "died", message: "Refused." },
      { kind: "discarded", by: "test", reason: "A test order." },
      { kind: "restored", by: "test" },
    ]);
    const audit = await system.sql`
      select actor, action, details from audit_log where subject = 'dead-letters' order by id`;
    expect(audit).toMatchObject([
      {
        actor: "test",
        action: "dead-letters.discarded",
        details: { reason: "A test order.", view: "/dead-letters?consumer=ledger", count: 3, newer: 2, upTo },
      },
      { action: "dead-letters.restored", details: { count: 1, selection: { kind: "letters" } } },
    ]);
  });

  test("takes a whole case", async () => {
    await dying("press", ["1", "2"], "Out of paper.");
    await dying("press", ["3"], "Out of ink.");
    await system.settleKeeper();
    const { body } = await system.ask("GET", "/api/v1/failure-cases?q=paper");
    const id = body.cases[0].id;
    expect((await act("discard", { kind: "case", case: id })).body).toMatchObject({ count: 2, newer: 0 });
    await system.settleKeeper();
    const found = await system.ask("GET", `/api/v1/failure-cases/${id}`);
    expect(found.body).toMatchObject({ letters: { parked: 0, discarded: 2 }, deaths: 2 });
  });

  test("lets what waits in its key go on; a restored one blocks its key again", async () => {
    const handled: string[] = [];
    system.handlers.register("depot", {
      transaction: "none",
      handle: async ({ id }) => {
        if (id === "depot-1") throw new NonRetryableError("The gate is shut.");
        handled.push(id);
      },
    });
    await system.subscribe("depot", { ordering: "key", filters: [{ prefix: { id: "depot-" } }] });
    const send = (ids: number[]) =>
      system.append(ids.map((n) => ({ id: `depot-${n}`, type: "parcel.sent", partitionKey: "gate" })));
    await send([1, 2, 3]);
    await until(async () => (await deliveriesOf("depot")).length === 3);
    await until(async () => (await statusesOf("depot")).length === 1);
    await system.settleKeeper();
    expect(handled).toEqual([]);
    await act("discard", filter("depot"));
    await until(() => handled.length === 2);
    expect(handled).toEqual(["depot-2", "depot-3"]);
    await act("restore", filter("depot"));
    expect((await deliveriesOf("depot"))[0]).toMatchObject({ status: 4, generation: 0, key: "gate" });
    await send([4]);
    await until(async () => (await deliveriesOf("depot")).length === 4);
    expect(handled).toHaveLength(2);
    await act("discard", filter("depot"));
    await until(() => handled.length === 3);
  });

  test("leaves alone what is not parked, and what was resolved since", async () => {
    await dying("archive", ["1", "2", "3"]);
    await system.settleKeeper();
    const { sql } = system;
    await changeStatuses(sql, {
      status: sql`case event_id when 'archive-1' then 1 when 'archive-2' then 2 else 0 end`,
      where: sql`event_id like 'archive-%'`,
    });
    expect((await act("restore", filter("archive"))).body).toMatchObject({ count: 0, skipped: 3 });
    expect((await act("discard", filter("archive"))).body).toMatchObject({ count: 1, skipped: 2 });
    expect((await statusesOf("archive")).toSorted()).toEqual([1, 2, 3]);
  });

  test("refuses what it can't use", async () => {
    const url = "/api/v1/dead-letters/discard";
    for (const body of [
      {},
      { selection: filter("x") },
      { selection: filter("x"), reason: " " },
      { selection: { kind: "letters", letters: [] }, reason: "x" },
      { selection: { kind: "everything" }, reason: "x" },
      { selection: { kind: "case", case: -1 }, reason: "x" },
      { selection: { kind: "filter", filter: { colour: "red" } }, reason: "x" },
    ]) {
      expect(await system.ask("POST", url, body)).toMatchObject({ status: 400, body: { code: "invalid" } });
    }
  });
});

describe("The counters of cases", () => {
  test("are those of a recount after any moves, also where a keeper was stopped half way", async () => {
    const { sql } = system;
    await dying(
      "mixed",
      Array.from({ length: 60 }, (_, n) => String(n)),
    );
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 25; round += 1) {
      const some = sql`position % 7 = ${random(7)}`;
      if (random(3) === 0) {
        // Dies again, of another error.
        await sql`
          update dead_letters set number = null, generation = generation + 1, deaths = deaths + 1,
            message = ${`Refused by ${"abc"[random(3)]}.`}, died_at = now()
          where event_id like 'mixed-%' and number is not null and ${some}`;
        await changeStatuses(sql, {
          status: sql`0`,
          where: sql`event_id like 'mixed-%' and number is null and ${some}`,
        });
      } else {
        await changeStatuses(sql, {
          status: sql`${random(4)}::int`,
          where: sql`event_id like 'mixed-%' and number is not null and ${some}`,
        });
      }
      if (random(4) === 0) continue;
      if (random(3) === 0) {
        // As a process that is killed within the keeper's transaction leaves it.
        const half = system.ctx.sql.begin(async (tx) => {
          await tx`select pg_advisory_xact_lock(7104015::bigint)`;
          await tx`update failure_cases set parked = parked + 1000`;
          await tx`update unresolved_letters set counted_as = status where number is not null`;
          throw new Error("Killed.");
        });
        await expect(half).rejects.toThrow("Killed.");
      }
      await system.settleKeeper();
      expect(await system.counters()).toEqual(await system.recount());
    }
    await system.settleKeeper();
    const [sums] = await sql`
      select (select sum(deaths)::int from failure_cases) as deaths, (select sum(deaths)::int from case_counts) as counted,
        count(*) filter (where number is null or counted_as is distinct from status)::int as waiting,
        count(distinct number)::int = count(*)::int as "isNumberedOnce"
      from dead_letters_with_status`;
    expect(sums).toMatchObject({ waiting: 0, isNumberedOnce: true });
    expect(sums?.deaths).toBe(sums?.counted);
  });
});
