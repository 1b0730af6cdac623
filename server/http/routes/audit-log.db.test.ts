import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillLetters, openLetters, type TestLetters } from "../testing/open-letters.ts";

let system: TestLetters;
let positions: string[];
beforeAll(async () => {
  system = await openLetters();
  await system.subscribe("ledger", { filters: [{ exact: { type: "order.paid" } }] });
  positions = await fillLetters(system, [
    { id: "one", type: "order.paid", deadIn: { ledger: "No currency." } },
    { id: "two", type: "order.paid", deadIn: { ledger: "No currency." } },
  ]);
  await system.settleKeeper();
});
afterAll(() => system.close());

const HEADERS = { "nagare-actor": "Aiko", "nagare-view": "/dead-letters/cases/1?window=7d" };
const asked = { actor: "Aiko", details: { view: HEADERS["nagare-view"] } };

async function post(path: string, body?: unknown) {
  const answer = await system.ask("POST", `/api/v1${path}`, body, HEADERS);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
async function entriesOf(subject: string) {
  const { body } = await system.ask("GET", `/api/v1/audit-log?subject=${encodeURIComponent(subject)}`);
  return body.entries;
}

describe("The audit trail", () => {
  test("says who did what to a case, and on which page", async () => {
    await system.ask("PATCH", "/api/v1/failure-cases/1", { owner: "Ada" }, HEADERS);
    await post("/failure-cases/1/resolve");
    expect(await entriesOf("failure-case:1")).toMatchObject([
      { ...asked, action: "failure-case.resolved" },
      { ...asked, action: "failure-case.assigned", details: { owner: "Ada", view: HEADERS["nagare-view"] } },
    ]);
  });

  test("says who moved a replay, and why", async () => {
    const selection = { kind: "letters", letters: [{ position: positions[0], consumer: "ledger" }] };
    const { id } = await post("/replays", { selection, reason: "Later", start: false });
    await post(`/replays/${id}/cancel`, { reason: "Not needed any more" });
    expect(await entriesOf(`replay:${id}`)).toMatchObject([
      { ...asked, action: "replay.cancelled", details: { reason: "Not needed any more" } },
      { actor: "Aiko", action: "replay.planned", details: { reason: "Later", items: 1 } },
    ]);
  });

  test("says of a case who did what with all of its letters", async () => {
    const { id } = await post("/replays", {
      selection: { kind: "case", case: 1 },
      reason: "All",
      start: false,
    });
    await post("/dead-letters/discard", { selection: { kind: "case", case: 1 }, reason: "Tests" });
    expect((await entriesOf("failure-case:1")).slice(0, 3)).toMatchObject([
      { ...asked, action: "dead-letters.discarded", details: { reason: "Tests", count: 2 } },
      { actor: "Aiko", action: "replay.planned", subject: `replay:${id}`, details: { reason: "All" } },
      { ...asked, action: "failure-case.resolved" },
    ]);
    const { body } = await system.ask("GET", "/api/v1/audit-log?subject=failure-case:1&limit=1");
    const next = await system.ask(
      "GET",
      `/api/v1/audit-log?subject=failure-case:1&limit=1&before=${body.nextBefore}`,
    );
    expect(next.body.entries).toMatchObject([{ action: "replay.planned" }]);
    expect(await entriesOf("failure-case:2")).toEqual([]);
  });

  test("says who made a rule", async () => {
    await post("/failure-rules", {
      name: "Ledger",
      conditions: { consumer: "ledger" },
      action: { kind: "assign", owner: "Ada" },
    });
    expect(await entriesOf("Ledger")).toMatchObject([{ ...asked, action: "failure-rule.created" }]);
  });

  test("is read page after page, newest first", async () => {
    const all = (await system.ask("GET", "/api/v1/audit-log?limit=500")).body;
    expect(all.nextBefore).toBeNull();
    const paged: unknown[] = [];
    let before: string | null = null;
    do {
      const more: string = before === null ? "" : `&before=${before}`;
      const { body } = await system.ask("GET", `/api/v1/audit-log?limit=2${more}`);
      paged.push(...body.entries);
      before = body.nextBefore;
    } while (before !== null);
    expect(paged).toEqual(all.entries);
    expect(paged.length).toBeGreaterThan(4);
  });
});
