import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { countUnroutedOnce } from "#server/bus/count-unrouted.ts";
import { CONSUMERS_TOPIC } from "#server/bus/record-change.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const handler = (name: string) => ({ kind: "handler", name });
const actionsOn = async (subject: string) => {
  const rows = await api.sql<{ action: string; actor: string }[]>`
    select action, actor from audit_log where subject = ${subject} order by id`;
  return rows.map(({ action }) => action);
};

describe("Channels", () => {
  test("are made, changed and deleted, with an audit row for each change and none for a repeat", async () => {
    const input = { kind: "topic", rules: [{ type: "order.*" }], description: "Orders" };
    expect((await api.ask("PUT", "/api/v1/channels/orders", input)).status).toBe(201);
    expect((await api.ask("PUT", "/api/v1/channels/orders", input)).status).toBe(200);
    const changed = await api.ask("PUT", "/api/v1/channels/orders", { ...input, description: "All orders" });
    expect(changed.body).toMatchObject({ name: "orders", description: "All orders", consumers: [] });
    expect(await api.ask("DELETE", "/api/v1/channels/orders")).toEqual({ status: 204, body: null });
    expect(await api.ask("GET", "/api/v1/channels/orders")).toMatchObject({
      status: 404,
      body: { code: "not-found", detail: expect.stringContaining("PUT /api/v1/channels/orders") },
    });
    expect(await actionsOn("orders")).toEqual(["channel.created", "channel.changed", "channel.deleted"]);
  });

  test("keep their kind, and stay while a subscription uses them", async () => {
    await api.ask("PUT", "/api/v1/channels/jobs", { kind: "queue" });
    expect(await api.ask("PUT", "/api/v1/channels/jobs", { kind: "topic" })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("is a queue and stays one") },
    });
    await api.ask("PUT", "/api/v1/subscriptions/worker", { channel: "jobs", target: handler("worker") });
    expect(await api.ask("DELETE", "/api/v1/channels/jobs")).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("used by worker") },
    });
    await api.ask("DELETE", "/api/v1/subscriptions/worker");
    expect((await api.ask("DELETE", "/api/v1/channels/jobs")).status).toBe(204);
  });

  test("refuse a rule that names nothing, and a body that is no JSON object", async () => {
    const nothing = await api.ask("PUT", "/api/v1/channels/odd", { kind: "topic", rules: [{}] });
    expect(nothing).toMatchObject({ status: 400, body: { detail: expect.stringContaining("rules.0") } });
    expect((await api.ask("PUT", "/api/v1/channels/odd")).status).toBe(400);
  });

  test("show how many events nobody took", async () => {
    const type = "nobody.cares";
    await appendTestEvents(api.sql, [{ type }, { type }, { type: "somebody.cares" }]);
    await api.subscribe("somebody", { filters: [{ exact: { type: "somebody.cares" } }] });
    while (await countUnroutedOnce(api.ctx));
    const { body } = await api.ask("GET", "/api/v1/channels");
    expect(body.unrouted).toMatchObject({ capped: false });
    expect(body.unrouted.types).toContainEqual({ type, count: 2 });
    expect(body.unrouted.types.map((one: { type: string }) => one.type)).not.toContain("somebody.cares");
    while (await countUnroutedOnce(api.ctx));
    const again = await api.ask("GET", "/api/v1/channels");
    expect(again.body.unrouted).toEqual(body.unrouted);
    await api.ask("DELETE", "/api/v1/subscriptions/somebody");
  });
});

describe("Subscriptions", () => {
  test("are put twice with one effect, and never give secrets back", async () => {
    const target = {
      kind: "http",
      url: "https://consumer.example/events",
      secrets: [`whsec_${Buffer.alloc(32).toString("base64")}`],
      headers: { Authorization: "Bearer secret" },
    };
    const first = await api.ask("PUT", "/api/v1/subscriptions/billing", { target, channel: "*" });
    const second = await api.ask("PUT", "/api/v1/subscriptions/billing", { target });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(JSON.stringify(first.body)).not.toMatch(/whsec|Bearer/);
    expect(first.body.target).toEqual({
      kind: "http",
      url: target.url,
      headerNames: ["Authorization"],
      secretCount: 1,
    });
    expect(await actionsOn("billing")).toEqual(["subscription.created"]);
    const [audit] = await api.sql`select details::text as details from audit_log where subject = 'billing'`;
    expect(audit?.details).not.toMatch(/whsec|Bearer/);
    await api.ask("DELETE", "/api/v1/subscriptions/billing");
  });

  test("keep their channel", async () => {
    await api.ask("PUT", "/api/v1/channels/topic-a", { kind: "topic" });
    await api.ask("PUT", "/api/v1/subscriptions/mover", { channel: "topic-a", target: handler("mover") });
    expect(await api.ask("PUT", "/api/v1/subscriptions/mover", { target: handler("mover") })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("Delete the subscription and make it anew") },
    });
    const unknown = { channel: "no-such", target: handler("x") };
    expect((await api.ask("PUT", "/api/v1/subscriptions/x", unknown)).status).toBe(404);
  });

  test("of a queue share one cursor, of a topic have one each", async () => {
    const cursorsOf = async (kind: string) => {
      await api.ask("PUT", `/api/v1/channels/${kind}`, { kind });
      const put = (name: string) =>
        api.ask("PUT", `/api/v1/subscriptions/${kind}-${name}`, { channel: kind, target: handler(name) });
      await Promise.all(["a", "b", "c"].map(put));
      const rows = await api.sql`
        select count(distinct cursor_id)::int as n from subscriptions where channel = ${kind}`;
      return rows[0]?.n;
    };
    expect(await cursorsOf("queue")).toBe(1);
    expect(await cursorsOf("topic")).toBe(3);
  });

  test("are paused and resumed, and every process is told", async () => {
    const told: string[] = [];
    const listening = await api.sql.listen(TOPICS_CHANNEL, (topic) => told.push(topic));
    await api.ask("PUT", "/api/v1/subscriptions/pausing", { target: handler("pausing") });
    await until(() => told.length === 1);
    const paused = await api.ask("POST", "/api/v1/subscriptions/pausing/pause");
    expect(paused.body).toMatchObject({ state: "paused", pausedAt: expect.any(String) });
    await api.ask("POST", "/api/v1/subscriptions/pausing/pause");
    const resumed = await api.ask("POST", "/api/v1/subscriptions/pausing/resume");
    expect(resumed.body).toMatchObject({ state: "active", pausedAt: null });
    await until(() => told.length === 3);
    expect(new Set(told)).toEqual(new Set([CONSUMERS_TOPIC]));
    expect(await actionsOn("pausing")).toEqual([
      "subscription.created",
      "subscription.paused",
      "subscription.resumed",
    ]);
    await listening.unlisten();
  });

  test("show their backlog: exact while it is small, else at least so many", async () => {
    await api.subscribe("waiting", { filters: [{ prefix: { type: "backlog." } }] });
    const before = await api.ask("GET", "/api/v1/subscriptions/waiting");
    expect(before.body).toMatchObject({ backlog: { count: 0, exact: true }, oldestWaitingSeconds: null });
    await appendTestEvents(api.sql, [
      { type: "other" },
      ...Array.from({ length: 7 }, () => ({ type: "backlog.grew" })),
    ]);
    const { body } = await api.ask("GET", "/api/v1/subscriptions/waiting");
    expect(body).toMatchObject({ backlog: { count: 7, exact: true }, dead: { count: 0, exact: true } });
    expect(body.oldestWaitingSeconds).toBeGreaterThan(0);
    expect(body.oldestWaitingSeconds).toBeLessThan(60);

    await appendTestEvents(
      api.sql,
      Array.from({ length: 5_000 }, () => ({ type: "backlog.grew" })),
    );
    const list = await api.ask("GET", "/api/v1/subscriptions");
    const row = list.body.subscriptions.find((one: { consumer: string }) => one.consumer === "waiting");
    expect(row.backlog.exact).toBe(false);
    expect(row.backlog.count).toBeGreaterThan(3_000);
    const alone = await api.ask("GET", "/api/v1/subscriptions/waiting");
    expect(alone.body.backlog).toEqual({ count: 5_007, exact: true });
  });

  test("are rewound only as agreed", async () => {
    const { sql } = api;
    await api.subscribe("rewound", { filters: [{ exact: { type: "again" } }] });
    const positions = await appendTestEvents(sql, [{ type: "again" }, { type: "again" }, { type: "again" }]);
    const rewind = (body: unknown) => api.ask("POST", "/api/v1/subscriptions/rewound/rewind", body);
    await sql`update delivery_cursors set position = ${positions[2] ?? ""}, reached = ${positions[2] ?? ""}
      where id = (select cursor_id from subscriptions where consumer = 'rewound')`;

    const ahead = await rewind({ to: String(Number(positions[2]) + 1), dryRun: true });
    expect(ahead).toMatchObject({ status: 400, body: { detail: expect.stringContaining("never skips") } });
    const dry = await rewind({ to: positions[0], dryRun: true });
    expect(dry.body).toMatchObject({ done: false, redelivers: { count: 2, exact: true }, alsoRewinds: [] });
    expect((await rewind({ to: positions[0] })).status).toBe(400);
    expect((await rewind({ to: "beginning", confirm: dry.body.confirm })).status).toBe(409);
    const done = await rewind({ to: positions[0], confirm: dry.body.confirm });
    expect(done.body).toMatchObject({ done: true, from: positions[2], to: positions[0] });
    expect((await rewind({ to: positions[0], confirm: dry.body.confirm })).status).toBe(400);
    const status = await api.ask("GET", "/api/v1/subscriptions/rewound");
    expect(status.body).toMatchObject({ position: positions[0], generation: 1, backlog: { count: 2 } });
    expect(await actionsOn("rewound")).toEqual(["subscription.created", "subscription.rewound"]);
  });
});
