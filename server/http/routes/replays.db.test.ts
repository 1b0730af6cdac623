import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import { openReplays, selectionOf, type TestReplays } from "../testing/open-replays.ts";

let system: TestReplays;
beforeAll(async () => {
  system = await openReplays();
});
afterAll(() => system.close());

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;
const failing = () => {
  throw new Error("The warehouse does not answer.");
};

/** A consumer that fails as long as `isDown` says so, and what it handled. */
async function open(
  consumer: string,
  count: number,
  more: (index: number) => object = () => ({}),
  wish = {},
) {
  const state = { isDown: true as boolean | ((id: string) => boolean), handled: [] as string[] };
  await system.consume(
    consumer,
    (id) => {
      if (typeof state.isDown === "boolean" ? state.isDown : state.isDown(id)) failing();
      state.handled.push(id);
    },
    wish,
  );
  const positions = await system.send(consumer, count, more);
  await system.parks(consumer, count);
  return { state, positions };
}

describe("A replay", () => {
  test("ends each item as its consumer does, and its totals are the sums of its items", async () => {
    const { state } = await open("mending", 30);
    state.isDown = (id) => Number(id.split("-")[1]) % 10 === 3;
    const created = await system.replay("mending", { stop: null });
    expect(created).toMatchObject({ status: "running", totals: { itemCount: 30 }, by: "test", newer: 0 });
    const { totals, createdAt, startedAt, endedAt } = await system.ends(created.id);
    for (const at of [createdAt, startedAt, endedAt]) expect(at).toMatch(RFC_3339);
    expect(totals).toMatchObject({ succeeded: 27, "failed-same": 3, ended: 30, left: 0, inFlight: 0 });
    const items = await system.items(created.id);
    for (const item of items)
      expect([item.startedAt, item.endedAt]).toEqual(Array(2).fill(expect.stringMatching(RFC_3339)));
    for (const outcome of ["succeeded", "failed-same", "failed-new", "skipped-handled", "unknown"] as const) {
      expect(items.filter((item) => item.outcome === outcome)).toHaveLength(totals[outcome]);
      const listed = await system.items(created.id, `&is=${outcome}`);
      expect(listed.map(({ seq }) => seq)).toEqual(
        items.filter((item) => item.outcome === outcome).map(({ seq }) => seq),
      );
    }
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(items.filter(({ newCase, case: own }) => newCase === own)).toHaveLength(3);
    await until(async () => {
      const letters = await system.lettersOf("mending");
      return letters.filter(({ status }) => status === 2).length === 27;
    });
    expect((await system.lettersOf("mending")).filter(({ status }) => status === 0)).toHaveLength(3);
    await until(async () => (await system.wrongCounters()).length === 0);
  });

  test("says which failures are new, and needs a reason", async () => {
    let message = "The first cause.";
    await system.consume("changing", () => {
      throw new Error(message);
    });
    await system.send("changing", 4);
    await system.parks("changing", 4);
    message = "Another one altogether.";
    const answer = await system.ask("POST", "/api/v1/replays", { selection: selectionOf("changing") });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid" } });
    const { id } = await system.replay("changing", { stop: null });
    const { totals } = await system.ends(id);
    expect(totals).toMatchObject({ "failed-new": 4, "failed-same": 0 });
    const [item] = await system.items(id);
    expect(item?.newCase).not.toBe(item?.case);
  });

  test("takes what was there at the plan, however many die meanwhile", async () => {
    const { state } = await open("cut-off", 5);
    const plan = await system.plan("cut-off");
    expect(plan).toMatchObject({ included: 5, newer: 0, notParked: 0 });
    await system.append([0, 1, 2].map((n) => ({ id: `cut-off-late-${n}`, type: "cut-off" })));
    await system.parks("cut-off", 8);
    state.isDown = false;
    const selection = { ...selectionOf("cut-off"), upTo: plan.upTo };
    expect(await system.plan("cut-off", {}, selection)).toMatchObject({ included: 5, newer: 3 });
    const created = await system.replay("cut-off", {}, { selection });
    expect(created).toMatchObject({ newer: 3, upTo: plan.upTo });
    await system.ends(created.id);
    expect(state.handled.toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => `cut-off-${n}`));
    expect(await system.plan("cut-off", {}, selection)).toMatchObject({ included: 0, notParked: 5 });
  });

  test("waits for its canary, and stops when too much of it fails the same way", async () => {
    const { state } = await open("canary", 60);
    const seen: string[] = [];
    state.isDown = (id) => {
      seen.push(id);
      return true;
    };
    const { id } = await system.replay("canary", { canary: 7, stop: { share: 0.2, minEnded: 20 } });
    const stopped = await system.ends(id, "stopped");
    expect(seen).toHaveLength(7);
    expect(stopped.totals).toMatchObject({ "failed-same": 7, left: 53 });
    const [item] = await system.items(id);
    expect(stopped.stopped).toEqual({ case: item?.case, failed: 7, ended: 7 });
    expect((await system.lettersOf("canary")).every(({ status }) => status === 0)).toBe(true);

    state.isDown = false;
    const second = await system.replay("canary", { canary: 7, stop: { share: 0.2, minEnded: 20 } });
    expect((await system.ends(second.id)).totals).toMatchObject({ succeeded: 60 });
  });

  test("keeps to its concurrency", async () => {
    const held = Promise.withResolvers<void>();
    let [now, most, isDown] = [0, 0, true];
    await system.consume("narrow", async () => {
      if (isDown) failing();
      now += 1;
      most = Math.max(most, now);
      await held.promise;
      now -= 1;
    });
    await system.send("narrow", 12);
    await system.parks("narrow", 12);
    isDown = false;
    const { id } = await system.replay("narrow", { concurrency: 3 });
    await until(() => now === 3);
    await until(async () => (await system.get(id)).totals.inFlight === 3);
    held.resolve();
    await system.ends(id);
    expect(most).toBe(3);
  });

  test("starts no faster than its rate", async () => {
    const { state } = await open("slow", 12);
    state.isDown = false;
    const startedAt = performance.now();
    const { id } = await system.replay("slow", { ratePerSecond: 8 });
    const { totals } = await system.ends(id);
    // Two at once, as burst of a quarter of a second, and ten more, eight a second.
    expect(performance.now() - startedAt).toBeGreaterThan(1_200);
    expect(totals.succeeded).toBe(12);
  });

  test("is paused, resumed and cancelled, and ends what is in flight", async () => {
    const { state } = await open("stopping", 10);
    state.isDown = false;
    const { id } = await system.replay("stopping", { ratePerSecond: 1 }, { start: false });
    expect(await system.get(id)).toMatchObject({ status: "planned", startedAt: null });
    expect(await system.command(id, "pause")).toMatchObject({ status: 409 });
    await system.command(id, "start");
    await until(() => state.handled.length > 0);
    expect(await system.command(id, "pause")).toMatchObject({ status: 200, body: { status: "paused" } });
    const paused = await system.ends(id, "paused");
    expect(paused.totals.ended + paused.totals.left).toBe(10);
    await system.command(id, "resume");
    await until(() => state.handled.length > paused.totals.ended);
    expect(await system.command(id, "cancel")).toMatchObject({ body: { status: "cancelled" } });
    const cancelled = await system.ends(id, "cancelled");
    expect(cancelled.totals.succeeded).toBe(state.handled.length);
    expect(cancelled.totals.left).toBe(10 - state.handled.length);
    expect(await system.command(id, "resume")).toMatchObject({ status: 409 });
    const audit = await system.sql`
      select action, actor from audit_log where subject = ${`replay:${id}`} order by id`;
    expect(audit.map(({ action }) => action)).toEqual([
      "replay.planned",
      "replay.started",
      "replay.paused",
      "replay.resumed",
      "replay.cancelled",
    ]);
  });

  test("goes on in another process where one was stopped in the midst of it", async () => {
    const { state } = await open("moving", 40);
    state.isDown = false;
    const { id } = await system.replay("moving", { ratePerSecond: 40 });
    await until(() => state.handled.length > 3);
    await system.stopRunner();
    expect((await system.get(id)).status).toBe("running");
    system.startRunner();
    expect((await system.ends(id)).totals.succeeded).toBe(40);
    expect(state.handled.toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `moving-${n}`).toSorted());
  });
});

describe("Replays of the same letters", () => {
  test("run beside each other, and handle each once", async () => {
    const { state } = await open("shared", 25);
    expect((await system.plan("shared")).warnings).toMatchObject([{ kind: "failing-now", count: 25 }]);
    const first = await system.replay("shared", {}, { start: false });
    const second = await system.replay("shared", {}, { start: false });
    expect((await system.plan("shared")).warnings).toContainEqual(
      expect.objectContaining({ kind: "in-other-replay", count: 25, detail: `Replay ${first.id}` }),
    );
    state.isDown = false;
    await Promise.all([system.command(first.id, "start"), system.command(second.id, "start")]);
    const [one, other] = [await system.ends(first.id), await system.ends(second.id)];
    expect(one.totals.succeeded + other.totals.succeeded).toBe(25);
    expect(one.totals["skipped-handled"] + other.totals["skipped-handled"]).toBe(25);
    expect(state.handled).toHaveLength(25);
    const { body } = await system.ask("GET", "/api/v1/replays?status=finished&limit=2");
    expect(body.replays.map((replay: { id: number }) => replay.id)).toEqual([second.id, first.id]);
  });
});
