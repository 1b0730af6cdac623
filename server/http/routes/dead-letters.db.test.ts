import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeStatuses } from "#drizzle/testing/letters.ts";
import type { LetterFilter, LetterPageDto, LetterSummaryDto } from "#server/contract/dead-letters.ts";
import { errorFromHttpAnswer } from "#server/domain/error-record.ts";
import { compileGlob } from "#server/domain/glob.ts";
import { fillLetters, openLetters, type TestDeath, type TestLetters } from "../testing/open-letters.ts";

let system: TestLetters;
beforeAll(async () => {
  system = await openLetters();
  await fillLetters(system, DEATHS);
  await system.settleKeeper();
  const { sql } = system;
  await changeStatuses(sql, { status: sql`position % 4`, where: sql`true` });
  await system.settleKeeper();
});
afterAll(() => system.close());

const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T; // none is empty

const DEATHS = Array.from({ length: 240 }, (_, n): TestDeath => {
  const text = JSON.stringify({ order: n, city: pick(["Kyōto", "Oslo", "100%_sure"], n) });
  return {
    id: `event-${n}`,
    type: pick(["order.placed", "order.paid", "parcel.sent"], n * 7),
    source: pick(["/shop/eu", "/shop/us", "/post"], n * 5),
    partitionKey: n % 4 === 0 ? null : `key-${n % 9}`,
    correlationId: `flow-${n % 40}`,
    data: { encoding: "json", text },
    deadIn: Object.fromEntries(
      ["billing", "mail", "mail.bulk"]
        .filter((_, index) => (n + index) % 3 !== 0)
        .map((consumer) => [
          consumer,
          pick(["Timed out.", "No such customer.", "Card was declined."], n + 1),
        ]),
    ),
  };
});

function toQuery(filter: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  return params.toString();
}

async function list(filter: LetterFilter & { before?: string; limit?: number }): Promise<LetterPageDto> {
  const { status, body } = await system.ask("GET", `/api/v1/dead-letters?${toQuery(filter)}`);
  expect(status).toBe(200);
  return body;
}

/** Page after page, to the end. */
async function listAll(filter: LetterFilter, limit = 50): Promise<LetterSummaryDto[]> {
  const all: LetterSummaryDto[] = [];
  let before: string | null | undefined;
  while (before !== null) {
    const page = await list({ ...filter, limit, ...(before === undefined ? {} : { before }) });
    all.push(...page.letters);
    before = page.nextBefore;
  }
  return all;
}

/** What a filter has to give, by looking at every letter. */
function matches(letter: LetterSummaryDto, filter: LetterFilter): boolean {
  const isLike = (globs: string[] | undefined, value: string) =>
    globs === undefined || globs.some((glob) => compileGlob(glob)(value));
  const death = DEATHS.find(({ id }) => id === letter.eventId);
  const payload = death?.data?.encoding === "json" ? death.data.text.toLowerCase() : "";
  return (
    (filter.status?.includes(letter.status) ?? true) &&
    isLike(filter.consumer, letter.consumer) &&
    isLike(filter.type, letter.type) &&
    isLike(filter.source, letter.source) &&
    (filter.case?.includes(letter.case) ?? true) &&
    (filter.key === undefined || filter.key === letter.partitionKey) &&
    (filter.eventid === undefined || filter.eventid === letter.eventId) &&
    (filter.correlationid === undefined || filter.correlationid === letter.correlationId) &&
    (filter.from === undefined || Date.parse(letter.diedAt) >= Date.parse(filter.from)) &&
    (filter.to === undefined || Date.parse(letter.diedAt) < Date.parse(filter.to)) &&
    (filter.error === undefined || letter.message.toLowerCase().includes(filter.error.toLowerCase())) &&
    (filter.q === undefined || payload.includes(filter.q.toLowerCase()))
  );
}

describe("The list of dead letters", () => {
  test("gives just what matches, newest death first, for any filter and any size of page", async () => {
    const everything = await listAll({}, 500);
    expect(everything).toHaveLength(DEATHS.reduce((sum, { deadIn }) => sum + Object.keys(deadIn).length, 0));
    const numbers = everything.map(({ number }) => Number(number));
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    const moments = everything.map(({ diedAt }) => diedAt).toSorted();
    const one = everything[17];
    const filters: LetterFilter[] = [
      { status: ["parked"] },
      { status: ["resolved", "discarded"], consumer: ["mail"] },
      { consumer: ["mail*"], type: ["order.*"] },
      { consumer: ["nobody"] },
      { type: ["parcel.sent"], source: ["/shop/*"] },
      { case: [one?.case ?? 0, 1] },
      { case: [1], consumer: ["mail"] },
      { key: "key-3" },
      { key: "key-3", status: ["parked"] },
      { eventid: "event-100" },
      { correlationid: "flow-7", consumer: ["billing"] },
      { from: moments[40] ?? "", to: moments[200] ?? "" },
      { error: "CUSTOMER" },
      { error: "%" },
      { q: "kyōto" },
      { q: "100%_", status: ["parked"] },
      { q: "oslo", error: "timed", consumer: ["*"] },
    ];
    for (const filter of filters) {
      const expected = everything.filter((letter) => matches(letter, filter));
      expect(await listAll(filter, 7), JSON.stringify(filter)).toEqual(expected);
      expect(await listAll(filter, 500), JSON.stringify(filter)).toEqual(expected);
    }
  });

  test("is searched by the whole text of errors, however long", async () => {
    const trace = `No such ledger. ${"at post (ledger.js:1) ".repeat(60)}`;
    await fillLetters(system, [
      { id: "long", deadIn: { late: `${trace}because of LEDGER-7` } },
      { id: "other", deadIn: { late: `${trace}because of LEDGER-8` } },
    ]);
    await system.settleKeeper();
    expect((await listAll({ error: "ledger-7" })).map(({ eventId }) => eventId)).toEqual(["long"]);
    expect(await listAll({ error: "ledger.js:1" })).toHaveLength(2);
  });

  test("is searched by what an HTTP consumer answered, and by the name of an error", async () => {
    const answered = (body: string) =>
      errorFromHttpAnswer({ status: 422, statusText: "Unprocessable", body });
    await fillLetters(system, [
      { id: "short-answer", deadIn: { ledger: answered("Entry 7 has no currency") } },
      { id: "long-answer", deadIn: { ledger: answered(`${"line ".repeat(200)}no currency here`) } },
      { id: "none", deadIn: { ledger: answered("") } },
      {
        id: "thrown",
        deadIn: { ledger: { kind: "handler", name: "RangeError", message: "No.", code: "E77" } },
      },
    ]);
    await system.settleKeeper();
    const found = async (error: string) => (await listAll({ error })).map(({ eventId }) => eventId);
    expect(await found("NO CURRENCY")).toEqual(["long-answer", "short-answer"]);
    expect(await found("answered 422")).toEqual(["none", "long-answer", "short-answer"]);
    expect(await found("rangeerror")).toEqual(["thrown"]);
    expect(await found("E77")).toEqual(["thrown"]);
    expect((await list({ eventid: "short-answer" })).letters[0]?.message).toBe(
      "The consumer answered 422 Unprocessable. Entry 7 has no currency",
    );
  });

  test("says that nothing waits for its case, and up to which letter a selection is frozen", async () => {
    const page = await list({ limit: 1 });
    expect(page).toMatchObject({ ungrouped: 0, upTo: page.letters[0]?.number, searched: { complete: true } });
    await fillLetters(system, [{ id: "late", deadIn: { late: "Late." } }]);
    expect(await list({ limit: 1 })).toMatchObject({ ungrouped: 1, upTo: page.upTo });
    await system.settleKeeper();
    expect(Number((await list({})).upTo)).toBeGreaterThan(Number(page.upTo));
  });

  test("refuses what it can't use, and says what", async () => {
    for (const [query, name] of [
      ["status=dead", "status"],
      ["before=x", "before"],
      ["from=yesterday", "from"],
      ["limit=0", "limit"],
      ["error=", "error"],
      ["case=x", "case"],
      ["case=99999999999", "case"],
      ["error=%00", "NUL"],
      ["key=a%00b", "NUL"],
      ["colour=red", "colour"],
    ]) {
      const { status, body } = await system.ask("GET", `/api/v1/dead-letters?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: "invalid", detail: expect.stringContaining(name ?? "") });
    }
  });
});

describe("One dead letter", () => {
  test("comes with its event, its attempts and its deaths", async () => {
    const [letter] = await listAll({ eventid: "event-100", consumer: ["billing"] });
    const { status, body } = await system.ask("GET", `/api/v1/dead-letters/${letter?.position}/billing`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...letter,
      event: { id: "event-100", type: letter?.type },
      data: { encoding: "json", text: JSON.stringify({ order: 100, city: "Oslo" }) },
      attemptList: [{ outcome: "failed", error: { message: letter?.message } }],
      edits: [],
      history: [{ kind: "died", case: letter?.case, message: letter?.message }],
      isExternal: true,
      isConsumerEnded: false,
    });
    expect(JSON.parse(body.envelope)).toMatchObject({ id: "event-100", specversion: "1.0" });
  });

  test("that is none answers with what it may be", async () => {
    const { status, body } = await system.ask("GET", "/api/v1/dead-letters/1/billing");
    expect(status).toBe(404);
    expect(body.detail).toContain("no dead letter of billing");
    expect((await system.ask("GET", "/api/v1/dead-letters/x/billing")).status).toBe(400);
  });
});
