import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import { openReplays, selectionOf, type TestReplays } from "../testing/open-replays.ts";

let system: TestReplays;
beforeAll(async () => {
  system = await openReplays();
});
afterAll(() => system.close());

const fail = (message = "The warehouse does not answer.") => {
  throw new Error(message);
};
const json = (text: string) => ({ data: { encoding: "json", text } });

describe("Edited payloads", () => {
  test("are what the consumer gets, with their numbers as they were, beside the original", async () => {
    const seen: { id: string; payload: string; edit: unknown }[] = [];
    await system.consume("priced", (id, { payload, edit }) => {
      if (!payload.includes('"EUR"')) fail("No currency.");
      seen.push({ id, payload, edit });
    });
    const texts = [
      '{"amount": 12345678901234567890.10, "currency": null}',
      '{"amount": 0.10, "currency": null, "big": 9007199254740993}',
      '{"amount": 1, "currency": {"code": null}}',
    ];
    await system.send("priced", 3, (index) => json(texts[index] ?? ""));
    await system.parks("priced", 3);
    const text =
      '[{"op":"test","path":"/currency","value":null},{"op":"replace","path":"/currency","value":"EUR"}]';
    const edit = { kind: "json-patch", text };
    const plan = await system.plan("priced", { edit });
    expect(plan.included).toBe(2);
    expect(plan.warnings).toContainEqual(expect.objectContaining({ kind: "edit-fails", count: 1 }));
    expect(plan.samples.map(({ after }) => after)).toEqual([
      '{"amount": 12345678901234567890.10, "currency": "EUR"}',
      '{"amount": 0.10, "currency": "EUR", "big": 9007199254740993}',
      null,
    ]);
    expect(plan.samples[2]?.problem).toContain("Operation 1");

    const { id, totals } = await system.replay("priced", { edit });
    expect(totals.itemCount).toBe(2);
    expect((await system.ends(id)).totals.succeeded).toBe(2);
    expect(seen.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: "priced-0", payload: '{"amount": 12345678901234567890.10, "currency": "EUR"}', edit: id },
      { id: "priced-1", payload: '{"amount": 0.10, "currency": "EUR", "big": 9007199254740993}', edit: id },
    ]);
    expect((await system.items(id)).map(({ isEdited }) => isEdited)).toEqual([true, true]);
    const stored = await system.sql<{ data_text: string }[]>`
      select data_text from events where id like 'priced-%' order by position`;
    expect(stored.map(({ data_text }) => data_text)).toEqual(texts);
  });

  test("are given whole for one letter only, and refused where no payload takes them", async () => {
    await system.consume("whole", (_id, { payload }) => void (payload === "{}" && fail()));
    await system.send("whole", 2, () => json("{}"));
    await system.parks("whole", 2);
    const options = { edit: { kind: "payload", text: '{"whole": 1.0}' } };
    const body = { selection: selectionOf("whole"), options, reason: "Mended." };
    expect(await system.ask("POST", "/api/v1/replays", body)).toMatchObject({ status: 400 });
    const patch = { edit: { kind: "json-patch", text: '[{"op":"remove","path":"/nothing"}]' } };
    const refused = await system.ask("POST", "/api/v1/replays", { ...body, options: patch });
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining("2 payloads") } });
    const [row] = await system.sql`select count(*)::int as replays from replays where reason = 'Mended.'`;
    expect(row).toEqual({ replays: 0 });

    const [first] = await system.sql<
      { position: string }[]
    >`select position from events where id = 'whole-0'`;
    const selection = { kind: "letters", letters: [{ position: first?.position, consumer: "whole" }] };
    const { id } = await system.replay("whole", options, { selection });
    expect((await system.ends(id)).totals).toMatchObject({ itemCount: 1, succeeded: 1 });
  });

  test("are held against the schema of their type beforehand", async () => {
    const schema = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
    const put = await system.ask("PUT", "/api/v1/schemas/judged/1.0", { schema });
    expect(put.status).toBe(201);
    await system.consume("judged", () => fail());
    await system.send("judged", 1, () => json('{"n": 1}'));
    await system.parks("judged", 1);
    await system.ctx.schemas.reload();
    const plan = await system.plan("judged", { edit: { kind: "merge-patch", text: '{"n": "one"}' } });
    expect(plan.warnings).toContainEqual(expect.objectContaining({ kind: "edit-violates-schema", count: 1 }));
    expect(plan.samples[0]?.violations).toMatchObject([{ path: "/n" }]);
  });
});

describe("A replay", () => {
  test("gives each item one attempt, or as many as its consumer's policy has", async () => {
    const attempts: number[] = [];
    let isDown = true;
    const retry = { retries: 2, baseMs: 1, factor: 1, capMs: 1, jitter: "none" } as const;
    await system.consume(
      "retried",
      (_id, { attempt }) => {
        attempts.push(attempt);
        if (isDown) fail();
      },
      { retry },
    );
    await system.send("retried", 2);
    await system.parks("retried", 2);
    expect(attempts.splice(0).toSorted()).toEqual([1, 1, 2, 2, 3, 3]);
    await system.ends((await system.replay("retried", { retries: "none", stop: null })).id);
    expect(attempts.splice(0)).toEqual([1, 1]);
    await system.parks("retried", 2);
    await system.ends((await system.replay("retried", { stop: null })).id);
    expect(attempts.splice(0).toSorted()).toEqual([1, 1, 2, 2, 3, 3]);
    isDown = false;
  });

  test("reaches every consumer of the event where that was asked for, also those that handled it", async () => {
    const handled: string[] = [];
    let isDown = true;
    await system.consume("all", () => void (isDown ? fail() : handled.push("all")));
    await system.consume("beside", () => void handled.push("beside"), {
      filters: [{ exact: { type: "all" } }],
    });
    await system.send("all", 3);
    await system.parks("all", 3);
    await until(() => handled.length === 3);
    isDown = false;
    const plan = await system.plan("all", { to: "all" });
    expect(plan.included).toBe(6);
    expect(plan.warnings).toContainEqual(
      expect.objectContaining({ kind: "handled-already", consumer: "beside", count: 3 }),
    );
    const { id } = await system.replay("all", { to: "all" });
    expect((await system.ends(id)).totals).toMatchObject({ itemCount: 6, succeeded: 6 });
    expect(handled.toSorted()).toEqual([...Array(3).fill("all"), ...Array(6).fill("beside")]);
  });

  test("leaves out what Nagare can't deliver, and says so", async () => {
    await system.consume("ended", () => fail());
    await system.send("ended", 2);
    await system.parks("ended", 2);
    await system.ask("DELETE", "/api/v1/subscriptions/ended");
    const plan = await system.plan("ended");
    expect(plan).toMatchObject({ included: 0, consumers: [{ consumer: "ended", items: 2, state: "ended" }] });
    expect(plan.warnings).toMatchObject([{ kind: "consumer-ended", count: 2, consumer: "ended" }]);
    const body = { selection: selectionOf("ended"), reason: "Mended." };
    expect(await system.ask("POST", "/api/v1/replays", body)).toMatchObject({ status: 400 });
  });
});

describe("The order of a key", () => {
  test("holds in a replay, and an item that fails stops its key only", async () => {
    const handled: string[] = [];
    let isDown = true;
    await system.consume("keyed", async (id) => {
      if (isDown || id === "keyed-4") fail();
      handled.push(id);
    });
    await system.send("keyed", 20, (index) => ({ partitionKey: `key-${index % 4}` }));
    await system.parks("keyed", 20);
    isDown = false;
    const plan = await system.plan("keyed");
    expect(plan).toMatchObject({ keys: 4, unkeyed: 0 });
    const { id } = await system.replay("keyed", { stop: null });
    const replay = await system.ends(id);
    // Of the first key, 4 fails, and 8, 12 and 16 wait behind it.
    expect(replay.totals).toMatchObject({ succeeded: 16, "failed-same": 1, left: 3 });
    expect(replay.heldBack).toBe(3);
    for (let key = 0; key < 4; key += 1) {
      const ofKey = handled.filter((one) => Number(one.split("-")[1]) % 4 === key);
      const wanted = key === 0 ? [0] : [0, 1, 2, 3, 4].map((n) => 4 * n + key);
      expect(ofKey).toEqual(wanted.map((n) => `keyed-${n}`));
    }
    const held = await system.items(id, "&is=held");
    expect(held.map(({ partitionKey }) => partitionKey)).toEqual(["key-0", "key-0", "key-0"]);
  });

  test("is known of a replay that no process has looked at yet", async () => {
    await system.consume("unseen", () => fail());
    await system.send("unseen", 5, (index) => ({ partitionKey: `key-${index % 3}` }));
    await system.parks("unseen", 5);
    await system.stopRunner();
    const { id } = await system.replay("unseen", {}, { start: false });
    const items = await system.items(id);
    expect(items.map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting", "held", "held"]);
    expect((await system.items(id, "&is=held")).map(({ seq }) => seq)).toEqual([4, 5]);
    system.startRunner();
  });

  test("that a dead letter blocks is freed by its replay, and what waited in it follows", async () => {
    const handled: string[] = [];
    let isDown = true;
    await system.consume(
      "blocked",
      async (id) => {
        if (isDown) fail();
        handled.push(id);
      },
      { ordering: "key", onDead: "block" },
    );
    await system.send("blocked", 6, () => ({ partitionKey: "one" }));
    await system.parks("blocked", 1);
    expect(handled).toEqual([]);
    isDown = false;
    await system.ends((await system.replay("blocked")).id);
    await until(() => handled.length === 6);
    expect(handled).toEqual([0, 1, 2, 3, 4, 5].map((n) => `blocked-${n}`));
  });
});

describe("An outcome", () => {
  test("that does not come in time is unknown, and takes its place when it comes", async () => {
    const held = Promise.withResolvers<void>();
    let isDown = true;
    await system.consume("late", async () => {
      if (isDown) fail();
      await held.promise;
    });
    await system.send("late", 3, (index) => ({ partitionKey: index < 2 ? "one" : "other" }));
    await system.parks("late", 3);
    isDown = false;
    const { id } = await system.replay("late", { unknownAfterSeconds: 1, stop: null });
    const given = await system.ends(id);
    expect(given.totals).toMatchObject({ unknown: 2, left: 1, succeeded: 0 });
    held.resolve();
    await until(async () => (await system.get(id)).totals.succeeded === 2);
    expect((await system.get(id)).totals).toMatchObject({ unknown: 0, succeeded: 2, ended: 2, left: 1 });
  });

  test("of what was handled since the plan is that it was skipped", async () => {
    const handled: string[] = [];
    let isDown = true;
    await system.consume("since", (id) => void (isDown ? fail() : handled.push(id)));
    await system.send("since", 4);
    await system.parks("since", 4);
    isDown = false;
    const planned = await system.replay("since", {}, { start: false });
    const url = "/api/v1/subscriptions/since/rewind";
    const { body } = await system.ask("POST", url, { to: "beginning", dryRun: true });
    await system.ask("POST", url, { to: "beginning", confirm: body.confirm });
    await until(() => handled.length === 4);
    await until(async () => (await system.lettersOf("since")).every(({ status }) => status === 2));
    await system.command(planned.id, "start");
    expect((await system.ends(planned.id)).totals).toMatchObject({ "skipped-handled": 4, succeeded: 0 });
    expect(handled).toHaveLength(4);
  });

  test("is not changed by a rewind, which delivers again what a replay has delivered", async () => {
    const handled: string[] = [];
    let isDown = true;
    await system.consume("again", (id) => void (isDown ? fail() : handled.push(id)));
    await system.send("again", 3);
    await system.parks("again", 3);
    isDown = false;
    const { id } = await system.replay("again");
    await system.ends(id);
    const url = "/api/v1/subscriptions/again/rewind";
    const { body } = await system.ask("POST", url, { to: "beginning", dryRun: true });
    await system.ask("POST", url, { to: "beginning", confirm: body.confirm });
    await until(() => handled.length === 6);
    expect((await system.get(id)).totals).toMatchObject({ succeeded: 3 });
  });
});
