import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keysOf } from "#drizzle/queries/letter-keys.ts";
import { deleteLettersBefore } from "#drizzle/queries/letter-retention.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import { LetterKeeper, settleKeeper } from "#server/dead-letters/keep-letters.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { openLetters, type TestLetters } from "../testing/open-letters.ts";

let system: TestLetters;
beforeAll(async () => {
  system = await openLetters();
  await system.startBus();
});
afterAll(() => system.close());

/** A consumer of one type, whose handler does as the test says. */
async function consume(name: string, handle: (id: string) => void): Promise<void> {
  system.handlers.register(name, { transaction: "none", handle: async ({ id }) => handle(id) });
  await system.subscribe(name, { filters: [{ exact: { type: `${name}.sent` } }] });
}

const send = (consumer: string, ids: string[]) =>
  system.append(ids.map((id) => ({ id: `${consumer}-${id}`, type: `${consumer}.sent`, source: "/letters" })));

async function diesOf(consumer: string, count: number): Promise<void> {
  await until(async () => {
    const [row] = await system.sql<{ letters: number }[]>`
      select count(*)::int as letters from dead_letters_with_status l join subscriptions s on s.id = subscription_id
      where consumer = ${consumer} and l.status = 0`;
    return row?.letters === count;
  });
}

const lettersOf = async (consumer: string) =>
  (await system.letters()).filter((letter) => letter.consumer === consumer);

const casesOf = (consumer: string) => system.sql<
  { id: number; message: string; deaths: number; returns: number; status: string }[]
>`
  select f.id, f.message, f.deaths::int, f.returns, f.status from failure_cases f
  join subscriptions s on s.id = f.subscription_id where consumer = ${consumer} order by f.id`;

/** Keys that lead to no letter, and those that a letter should have. */
async function wrongKeys(): Promise<object[]> {
  const { sql } = system;
  const wanted = sql`
    select key.hash, l.number from dead_letters l cross join ${keysOf(sql, sql`l`)} where l.number is not null`;
  return sql`(select * from letter_keys except ${wanted}) union all (${wanted} except select * from letter_keys)`;
}

describe("A delivery that dies", () => {
  test("leaves a letter with its death, and is put into the case of its error a moment later", async () => {
    await consume("billing", (id) => {
      throw new NonRetryableError(id.endsWith("9") ? "The card was declined." : `No customer ${id.length}7.`);
    });
    await send("billing", ["1", "2", "9"]);
    await diesOf("billing", 3);
    expect((await lettersOf("billing")).map((letter) => letter.case_id)).toEqual([null, null, null]);
    await system.settleKeeper();
    const cases = await casesOf("billing");
    expect(cases).toMatchObject([
      { message: "No customer 97.", deaths: 2, status: "open" },
      { message: "The card was declined.", deaths: 1 },
    ]);
    const [first, second] = cases.map(({ id }) => id);
    expect((await lettersOf("billing")).map((letter) => letter.case_id)).toEqual([first, first, second]);
    expect(await system.counters()).toEqual(await system.recount());
    const [counts] = await system.sql`select sum(deaths)::int as deaths from case_counts`;
    expect(counts).toEqual({ deaths: 3 });
  });

  test("is resolved when its consumer is rewound and handles it, and parked anew where it dies again", async () => {
    let isMended = false;
    await consume("shipping", (id) => {
      if (!isMended || id.endsWith("2")) throw new NonRetryableError(isMended ? "No route." : "No label.");
    });
    await send("shipping", ["1", "2"]);
    await diesOf("shipping", 2);
    await system.settleKeeper();
    isMended = true;
    const url = "/api/v1/subscriptions/shipping/rewind";
    const { body } = await system.ask("POST", url, { to: "beginning", dryRun: true });
    await system.ask("POST", url, { to: "beginning", confirm: body.confirm });
    await until(async () => {
      await system.settleKeeper();
      return (await lettersOf("shipping")).every(({ status, deaths }) => status === 2 || deaths === 2);
    });
    await system.settleKeeper();
    const [old, fresh] = await casesOf("shipping");
    expect(await lettersOf("shipping")).toMatchObject([
      { status: 2, case_id: old?.id, deaths: 1 },
      { status: 0, case_id: fresh?.id, deaths: 2 },
    ]);
    expect(fresh).toMatchObject({ message: "No route.", deaths: 1 });
    expect(await wrongKeys()).toEqual([]);
    const { body: found } = await system.ask("GET", "/api/v1/dead-letters?eventid=shipping-2");
    expect(found.letters).toMatchObject([{ deaths: 2 }]);
    expect(await system.counters()).toEqual(await system.recount());
  });

  test("opens its case again only when it died after that was resolved", async () => {
    await consume("mailing", () => {
      throw new NonRetryableError("Mailbox full.");
    });
    await send("mailing", ["1"]);
    await diesOf("mailing", 1);
    await system.settleKeeper();
    const [before] = await casesOf("mailing");
    await send("mailing", ["2"]);
    await diesOf("mailing", 2);
    await system.sql`
      update failure_cases set status = 'resolved', status_by = 'aiko', status_at = now() where id = ${before?.id ?? 0}`;
    await system.settleKeeper();
    expect(await casesOf("mailing")).toMatchObject([{ status: "resolved", deaths: 2, returns: 0 }]);
    await send("mailing", ["3"]);
    await diesOf("mailing", 3);
    await system.settleKeeper();
    expect(await casesOf("mailing")).toMatchObject([{ status: "open", deaths: 3, returns: 1 }]);
  });
});

describe("A letter that a rewind was to deliver again", () => {
  const rewind = async (consumer: string) => {
    const url = `/api/v1/subscriptions/${consumer}/rewind`;
    const { body } = await system.ask("POST", url, { to: "beginning", dryRun: true });
    await system.ask("POST", url, { to: "beginning", confirm: body.confirm });
  };
  const refuse = () => {
    throw new NonRetryableError("Refused.");
  };

  test("is parked again where its consumer does not take it any more", async () => {
    await consume("choosy", refuse);
    await send("choosy", ["1"]);
    await diesOf("choosy", 1);
    await system.settleKeeper();
    await system.subscribe("choosy", { filters: [{ exact: { type: "another.sent" } }] });
    await rewind("choosy");
    await until(async () => {
      await system.settleKeeper();
      return (await lettersOf("choosy"))[0]?.status === 0;
    });
    expect(await lettersOf("choosy")).toMatchObject([{ status: 0, deaths: 1 }]);
    expect(await system.counters()).toEqual(await system.recount());
  });

  test("stays dead where the subscription ends before", async () => {
    await consume("leaving", refuse);
    await send("leaving", ["1"]);
    await diesOf("leaving", 1);
    await system.settleKeeper();
    await system.ask("POST", "/api/v1/subscriptions/leaving/pause");
    await rewind("leaving");
    expect(await lettersOf("leaving")).toMatchObject([{ status: 1 }]);
    await system.ask("DELETE", "/api/v1/subscriptions/leaving");
    await system.settleKeeper();
    expect(await lettersOf("leaving")).toMatchObject([{ status: 0, deaths: 1 }]);
    expect(await system.counters()).toEqual(await system.recount());
  });
});

describe("An attempt that was reported", () => {
  const report = (outcome: string, attempt: number) =>
    system.ask("POST", "/api/v1/attempts", [
      {
        source: "/letters",
        id: "partner-1",
        consumer: "partner",
        attempt,
        outcome,
        error: "Refused by partner.",
      },
    ]);

  test("as dead leaves a letter, once, and a success that is reported later resolves it", async () => {
    await send("partner", ["1"]);
    await report("dead", 3);
    await report("dead", 3);
    await report("failed", 1);
    await system.settleKeeper();
    expect(await lettersOf("partner")).toMatchObject([{ status: 0, deaths: 1 }]);
    expect(await casesOf("partner")).toMatchObject([{ message: "Refused by partner.", deaths: 1 }]);
    await report("running", 4);
    expect(await lettersOf("partner")).toMatchObject([{ status: 1 }]);
    await report("dead", 4);
    expect(await lettersOf("partner")).toMatchObject([{ status: 0, deaths: 2 }]);
    await report("succeeded", 5);
    await system.settleKeeper();
    expect(await lettersOf("partner")).toMatchObject([{ status: 2, deaths: 2 }]);
    expect(await system.counters()).toEqual(await system.recount());
  });
});

describe("The keeper", () => {
  test("of two processes groups each letter once, and numbers grow in the order of deaths", async () => {
    await consume("stock", (id) => {
      throw new NonRetryableError(`No stock in aisle ${"abcdefg"[Number(id.split("-")[1]) % 7]}.`);
    });
    await send(
      "stock",
      Array.from({ length: 2_500 }, (_, n) => String(n)),
    );
    await diesOf("stock", 2_500);
    await Promise.all([new LetterKeeper(system.ctx), new LetterKeeper(system.ctx)].map(settleKeeper));
    await system.settleKeeper();
    const cases = await casesOf("stock");
    expect(cases).toHaveLength(7);
    expect(cases.reduce((sum, { deaths }) => sum + deaths, 0)).toBe(2_500);
    expect(await system.counters()).toEqual(await system.recount());
    const [order] = await system.sql`
      select count(*)::int as letters, bool_and(died_at >= coalesce(earlier, died_at)) as grows from (
        select died_at, lag(died_at) over (order by number) as earlier from dead_letters l
        join subscriptions s on s.id = subscription_id where consumer = 'stock') numbered`;
    expect(order).toEqual({ letters: 2_500, grows: true });
    expect(await wrongKeys()).toEqual([]);
  });

  test("leaves no keys of letters that went with their events", async () => {
    await system.sql.begin((tx) => deleteLettersBefore(tx, "9223372036854775807", 10_000));
    expect(await lettersOf("stock")).toEqual([]);
    expect(await wrongKeys()).toEqual([]);
  });
});
