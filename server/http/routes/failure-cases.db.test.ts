import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import type { CaseDetailDto, CaseListDto } from "#server/contract/failure-cases.ts";
import { fillLetters, openLetters, type TestLetters } from "../testing/open-letters.ts";

const HOUR_MS = 3_600_000;

let system: TestLetters;
beforeAll(async () => {
  system = await openLetters();
  const { sql } = system;
  const dies = (
    consumer: string,
    message: string,
    count: number,
    { agoMs = 0, type = "order.placed" } = {},
  ) =>
    fillLetters(
      system,
      Array.from({ length: count }, (_, n) => ({
        id: `${consumer}-${message}-${n}`,
        type,
        partitionKey: `key-${n % 3}`,
        correlationId: `flow-${n}`,
        deadIn: { [consumer]: message },
      })),
      { from: Date.now() - agoMs - count * 1_000 },
    );
  await dies("billing", "Card was declined.", 5);
  await dies("billing", "Timed out.", 12, { agoMs: 3 * HOUR_MS });
  await dies("mail", "Mailbox is full.", 2, { type: "order.paid" });
  await dies("stock", "Shelf is empty.", 9, { agoMs: 30 * HOUR_MS });
  await system.settleKeeper();
  await sql`update failure_cases set owner = 'aiko' where message = 'Shelf is empty.'`;
});
afterAll(() => system.close());

const list = async (query = ""): Promise<CaseListDto> => {
  const { status, body } = await system.ask("GET", `/api/v1/failure-cases?${query}`);
  expect(status).toBe(200);
  return body;
};
const messages = async (query: string) => (await list(query)).cases.map(({ message }) => message);
const caseOf = async (message: string) => {
  const found = (await list("status=all")).cases.find((one) => one.message === message);
  if (found === undefined) throw new Error(`There is no case ${message}`);
  return found;
};
const send = (id: number, verb: string, body: unknown = {}) =>
  system.ask("POST", `/api/v1/failure-cases/${id}/${verb}`, body);

describe("The list of failure cases", () => {
  test("stands in the order of harm: what fails now, then what has most parked letters", async () => {
    const page = await list();
    expect(page.cases.map(({ message, isFailingNow }) => [message, isFailingNow])).toEqual([
      ["Card was declined.", true],
      ["Mailbox is full.", true],
      ["Timed out.", false],
      ["Shelf is empty.", false],
    ]);
    expect(page).toMatchObject({ total: 4, parked: 28, failingNow: 2, ungrouped: 0, nextOffset: null });
    expect(page.cases[0]).toMatchObject({
      consumer: "billing",
      type: "order.placed",
      status: "open",
      deaths: 5,
      letters: { parked: 5, replaying: 0, resolved: 0, discarded: 0 },
      error: { kind: "handler", message: "Card was declined." },
    });
  });

  test("puts what has nothing left to repair last, though it failed just now", async () => {
    const [worst] = (await list()).cases;
    const move = (parked: number, resolved: number) =>
      system.sql`update failure_cases set parked = ${parked}, resolved = ${resolved} where id = ${worst?.id ?? 0}`;
    await move(0, 5);
    expect(await messages("sort=harm")).toEqual([
      "Mailbox is full.",
      "Timed out.",
      "Shelf is empty.",
      "Card was declined.",
    ]);
    expect((await messages("sort=newest"))[0]).toBe("Mailbox is full.");
    await move(5, 0);
  });

  test("is put in other orders, filtered and paged", async () => {
    expect(await messages("sort=parked")).toEqual([
      "Timed out.",
      "Shelf is empty.",
      "Card was declined.",
      "Mailbox is full.",
    ]);
    expect((await messages("sort=oldest"))[0]).toBe("Shelf is empty.");
    expect((await messages("sort=newest")).at(-1)).toBe("Shelf is empty.");
    expect(await messages("consumer=bill*&consumer=mail&sort=parked")).toHaveLength(3);
    expect(await messages("type=order.paid")).toEqual(["Mailbox is full."]);
    expect(await messages("owner=aiko")).toEqual(["Shelf is empty."]);
    expect(await messages("owner=-")).toHaveLength(3);
    expect(await messages("q=DECLINED")).toEqual(["Card was declined."]);
    expect(await messages("q=stock")).toEqual(["Shelf is empty."]);
    expect(await messages("status=resolved")).toEqual([]);
    expect(await list("limit=3&offset=0")).toMatchObject({ total: 4, nextOffset: 3 });
    expect(await list("limit=3&offset=3")).toMatchObject({ total: 4, parked: 28, nextOffset: null });
    expect(await list("offset=9")).toMatchObject({ cases: [], total: 4, nextOffset: null });
  });

  test("has the deaths of each case in the buckets of its window", async () => {
    const deathsIn = async (window: string) =>
      Object.fromEntries(
        (await list(`window=${window}`)).cases.map(({ message, series }) => [
          message,
          series.reduce((sum, deaths) => sum + deaths, 0),
        ]),
      );
    expect(await deathsIn("1h")).toMatchObject({ "Card was declined.": 5, "Timed out.": 0 });
    expect(await deathsIn("24h")).toMatchObject({ "Timed out.": 12, "Shelf is empty.": 0 });
    expect(await deathsIn("7d")).toMatchObject({ "Shelf is empty.": 9 });
    for (const [window, count] of [
      ["1h", 12],
      ["24h", 24],
      ["7d", 28],
    ] as const) {
      const { buckets, cases } = await list(`window=${window}`);
      expect(buckets.count).toBe(count);
      expect(cases.every(({ series }) => series.length === count)).toBe(true);
      expect(Date.parse(buckets.to) - Date.parse(buckets.from)).toBe(buckets.step * count * 1_000);
    }
  });

  test("reads deaths in rows of hours once they are two hours old, and counts them the same", async () => {
    const { id } = await caseOf("Timed out.");
    const rows = await system.sql<{ minute: number; deaths: number }[]>`
      select extract(minute from since)::int as minute, deaths from case_counts where case_id = ${id}`;
    expect(rows.every(({ minute }) => minute === 0)).toBe(true);
    expect(rows.reduce((sum, { deaths }) => sum + deaths, 0)).toBe(12);
  });

  test("refuses what it can't use", async () => {
    for (const query of ["window=2h", "sort=worst", "limit=0", "offset=-1", "status=dead", "parked=maybe"]) {
      expect((await system.ask("GET", `/api/v1/failure-cases?${query}`)).status).toBe(400);
    }
  });
});

describe("One failure case", () => {
  test("says what it affects, with samples", async () => {
    const { id } = await caseOf("Timed out.");
    const { body }: { body: CaseDetailDto } = await system.ask(
      "GET",
      `/api/v1/failure-cases/${id}?window=24h`,
    );
    expect(body).toMatchObject({
      affectedKeys: { count: 3, exact: true },
      affectedFlows: { count: 12, exact: true },
      topKeys: [
        { key: "key-0", letters: 4 },
        { key: "key-1", letters: 4 },
        { key: "key-2", letters: 4 },
      ],
      notes: [],
    });
    expect(body.samples).toHaveLength(12);
    expect(body.samples.every((letter) => letter.case === id)).toBe(true);
    expect((await system.ask("GET", "/api/v1/failure-cases/999999")).body).toMatchObject({
      code: "not-found",
    });
  });

  test("is assigned, linked, noted, muted, resolved and reopened, with an audit row and a hint for each", async () => {
    const { id } = await caseOf("Mailbox is full.");
    const hints: string[] = [];
    const listening = await system.sql.listen(TOPICS_CHANNEL, (topic) => void hints.push(topic));
    const patched = await system.ask("PATCH", `/api/v1/failure-cases/${id}`, {
      owner: "ben",
      ticketUrl: "https://tickets.example.com/OPS-1",
    });
    expect(patched.body).toMatchObject({ owner: "ben", ticketUrl: "https://tickets.example.com/OPS-1" });
    const noted = await send(id, "notes", { text: " The mail host is full. " });
    expect(noted.body.notes).toMatchObject([{ by: "test", text: "The mail host is full." }]);
    const until_ = new Date(Date.now() + HOUR_MS).toISOString();
    expect((await send(id, "mute", { until: until_ })).body).toMatchObject({
      status: "muted",
      statusBy: "test",
      mutedUntil: until_,
    });
    expect(await messages("")).not.toContain("Mailbox is full.");
    expect((await send(id, "unmute")).body).toMatchObject({ status: "open", mutedUntil: null });
    const resolved = await send(id, "resolve");
    expect(resolved.body).toMatchObject({ status: "resolved", statusBy: "test", owner: "ben" });
    expect(Date.parse(resolved.body.statusAt)).toBeGreaterThan(Date.now() - HOUR_MS);
    expect((await send(id, "reopen")).body).toMatchObject({ status: "open", statusBy: null, returns: 0 });
    const audit = await system.sql<{ action: string }[]>`
      select action from audit_log where subject = ${`failure-case:${id}`} order by id`;
    expect(audit.map(({ action }) => action)).toEqual(
      ["assigned", "linked", "noted", "muted", "unmuted", "resolved", "reopened"].map(
        (word) => `failure-case.${word}`,
      ),
    );
    await until(() => hints.filter((topic) => topic === "dead-letters").length >= 6);
    await listening.unlisten();
  });

  test("refuses what makes no sense, with a word on what to do", async () => {
    const { id } = await caseOf("Shelf is empty.");
    const past = new Date(Date.now() - 1_000).toISOString();
    const late = new Date(Date.now() + 91 * 24 * HOUR_MS).toISOString();
    for (const [verb, body, status] of [
      ["mute", { until: past }, 400],
      ["mute", { until: late }, 400],
      ["mute", {}, 400],
      ["unmute", {}, 409],
      ["reopen", {}, 409],
      ["notes", { text: "" }, 400],
      ["notes", { text: "  " }, 400],
    ] as const) {
      const answer = await send(id, verb, body);
      expect(answer).toMatchObject({ status, body: { detail: expect.stringMatching(/\.$|\S/) } });
    }
    const patch = await system.ask("PATCH", `/api/v1/failure-cases/${id}`, {
      owner: "ben",
      ticketUrl: "javascript:1",
    });
    expect(patch.status).toBe(400);
    expect(await caseOf("Shelf is empty.")).toMatchObject({ owner: "aiko", ticketUrl: null });
    expect((await send(999_999, "resolve")).status).toBe(404);
  });

  test("that is muted is open again when its mute has ended", async () => {
    const { id } = await caseOf("Shelf is empty.");
    await system.sql`
      update failure_cases set status = 'muted', status_by = 'ben', muted_until = now() - interval '1 second' where id = ${id}`;
    expect((await list()).cases.find((one) => one.id === id)).toMatchObject({
      status: "open",
      statusBy: null,
    });
    expect(await messages("status=muted")).toEqual([]);
  });
});

describe("What failing payloads have in common", () => {
  test("is found by comparing them with those that the consumer handled", async () => {
    const { sql } = system;
    const payload = (n: number, currency: string | null) => ({
      encoding: "json" as const,
      text: JSON.stringify({ order: n, currency, lines: [{ sku: `AB-${n}` }] }),
    });
    await fillLetters(
      system,
      Array.from({ length: 40 }, (_, n) => ({
        id: `null-${n}`,
        type: "invoice.made",
        data: payload(n, null),
        deadIn: { ledger: "Cannot read properties of null (reading 'currency')" },
      })),
    );
    await system.settleKeeper();
    const good = await system.append(
      Array.from({ length: 200 }, (_, n) => ({
        id: `good-${n}`,
        type: "invoice.made",
        data: payload(n, "EUR"),
      })),
    );
    await system.append([{ id: "unhandled", type: "invoice.made", data: payload(1, null) }]);
    await sql`
      insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
      select e.position, s.id, e.type_id, 0, 2, 1 from events e, subscriptions s
      where s.consumer = 'ledger' and e.position = any(${good}::bigint[])`;
    const { id } = await caseOf("Cannot read properties of null (reading 'currency')");
    const { status, body } = await system.ask("GET", `/api/v1/failure-cases/${id}/fields`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ failing: { read: 40 }, succeeding: { read: 200 }, isCut: false });
    expect(body.fields[0]).toMatchObject({
      pointer: "/currency",
      fact: { kind: "type", type: "null" },
      failing: 40,
      succeeding: 0,
    });
    expect((await system.ask("GET", "/api/v1/failure-cases/999999/fields")).status).toBe(404);
  });
});
