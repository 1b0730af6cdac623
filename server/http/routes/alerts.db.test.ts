import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAlerts } from "#server/alerts/testing/open-alerts.ts";
import { openHttpReceiver } from "#server/alerts/testing/receivers.ts";
import type { AlertRuleDto } from "#server/contract/alerts.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
let web: Awaited<ReturnType<typeof openHttpReceiver>>;
beforeAll(async () => {
  [api, web] = await Promise.all([openTestApi(), openHttpReceiver()]);
});
afterAll(() => Promise.all([api.close(), web.close()]));

const condition = { kind: "threshold", metric: "failure_rate", windowMs: 60_000, is: "above", value: 0.05 };
const name = () => `Rule ${crypto.randomUUID().slice(0, 8)}`;

async function make(wish: object = {}): Promise<AlertRuleDto> {
  const { status, body } = await api.ask("POST", "/api/v1/alert-rules", { name: name(), condition, ...wish });
  expect(status).toBe(201);
  return body;
}

test.each([
  ["/alerts?rule=99999999999", "2147483647"],
  ["/notices?destination=99999999999", "2147483647"],
  ["/notices?alert=last", "Give its id"],
  ["/alerts/9223372036854775808", "Give its id"],
  ["/alerts?after=9223372036854775808", "nextAfter"],
])("%s is refused with what to do", async (path, what) => {
  const { status, body } = await api.ask("GET", `/api/v1${path}`);
  expect([status, body.detail]).toEqual([400, expect.stringContaining(what)]);
});

describe("Rules for alerts", () => {
  test("are made with what is left out, listed, read, changed and deleted", async () => {
    const made = await make();
    expect(made).toMatchObject({
      isOn: true,
      severity: "warning",
      condition,
      forMs: 0,
      destinations: [],
      version: 1,
      mute: null,
      problem: null,
      problemFacts: null,
      open: {},
      updatedBy: "test",
    });
    expect((await api.ask("GET", "/api/v1/alert-rules")).body.rules).toContainEqual(made);
    const path = `/api/v1/alert-rules/${made.id}`;
    const changed = await api.ask("PUT", path, {
      name: made.name,
      condition,
      forMs: 60_000,
      expectedVersion: 1,
    });
    expect(changed).toMatchObject({ status: 200, body: { version: 2, forMs: 60_000 } });
    expect(await api.ask("PUT", path, { name: made.name, condition, expectedVersion: 1 })).toMatchObject({
      status: 409,
      body: { code: "version-conflict", actualVersion: 2 },
    });
    expect((await api.ask("GET", path)).body).toEqual(changed.body);
    expect((await api.ask("DELETE", path)).status).toBe(204);
    for (const method of ["GET", "DELETE"] as const) expect((await api.ask(method, path)).status).toBe(404);
    const audit = await api.sql`select action from audit_log where subject = ${made.name} order by id`;
    expect(audit.map(({ action }) => action)).toEqual([
      "alert-rule.created",
      "alert-rule.changed",
      "alert-rule.deleted",
    ]);
  });

  test("are switched and muted", async () => {
    const { id } = await make();
    const post = (command: string, body?: object) =>
      api.ask("POST", `/api/v1/alert-rules/${id}/${command}`, body);
    expect((await post("off")).body).toMatchObject({ isOn: false, version: 2 });
    expect((await post("on")).body).toMatchObject({ isOn: true, version: 3 });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post("mute", { until, reason: "Deploy" })).body.mute).toEqual({
      until,
      reason: "Deploy",
      by: "test",
    });
    expect((await post("unmute")).body.mute).toBeNull();
    expect((await post("mute", { until: "2020-01-01T00:00:00Z", reason: "Late" })).status).toBe(400);
    expect((await post("mute", { until: "2999-01-01T00:00:00Z", reason: "Ever" })).status).toBe(400);
    expect((await post("mute", { until })).status).toBe(400);
    expect((await api.ask("POST", "/api/v1/alert-rules/999999/on")).status).toBe(404);
  });

  test.each<[string, object, string]>([
    ["a metric that there is not", { condition: { ...condition, metric: "luck" } }, "metric"],
    [
      "a label that the metric has not",
      { condition: { ...condition, by: "channel" } },
      "has no label channel",
    ],
    ["a statistic that the metric has not", { condition: { ...condition, stat: "p95" } }, "has no p95"],
    ["a destination that no table can have", { destinations: [99_999_999_999] }, "2147483647"],
    ["an unknown member", { condition: { ...condition, values: 1 } }, "values"],
    ["a window of no length", { condition: { ...condition, windowMs: 0 } }, "windowMs"],
    ["a destination that there is not", { destinations: [999_999] }, "no destination 999999"],
    ["no name", { name: " " }, "name"],
    ["a runbook that is no address", { runbook: "javascript:alert(1)" }, "runbook"],
  ])("are refused with %s", async (_what, wish, words) => {
    const { status, body } = await api.ask("POST", "/api/v1/alert-rules", {
      name: name(),
      condition,
      ...wish,
    });
    expect(status).toBe(400);
    expect(body.detail).toContain(words);
  });

  test("are previewed before they are made, and nothing is kept of that", async () => {
    const rule = { name: "Preview", condition };
    const preview = (body: object) => api.ask("POST", "/api/v1/alert-rules/preview", body);
    expect(await preview({ rule })).toMatchObject({ status: 200, body: { fired: 0, firings: [] } });
    expect((await preview({ rule: { ...rule, condition: { ...condition, by: "channel" } } })).status).toBe(
      400,
    );
    expect((await preview({ rule, backMs: 5 })).status).toBe(400);
    const { body } = await api.ask("GET", "/api/v1/alert-rules");
    expect(body.rules.map(({ name }: AlertRuleDto) => name)).not.toContain("Preview");
  });

  test("have names of their own", async () => {
    const { name } = await make();
    const again = await api.ask("POST", "/api/v1/alert-rules", { name: name.toUpperCase(), condition });
    expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
  });
});

describe("Destinations", () => {
  test("are made, tried, changed and deleted, and their secret is given once", async () => {
    const made = await api.ask("POST", "/api/v1/destinations", {
      kind: "webhook",
      name: "Pager",
      url: `${web.url}/hook`,
    });
    expect(made).toMatchObject({ status: 201, body: { address: `${web.url}/hook`, rules: 0, last: null } });
    expect(made.body.secret).toMatch(/^whsec_/);
    const path = `/api/v1/destinations/${made.body.id}`;
    const tried = await api.ask("POST", `${path}/test`);
    expect(tried).toMatchObject({ status: 200, body: { kind: "test", status: "sent", alert: null } });
    expect(tried.body.attempts).toMatchObject([{ code: 200, error: null }]);
    const { body } = await api.ask("GET", "/api/v1/destinations");
    expect(body.destinations).toMatchObject([{ name: "Pager", last: { status: "sent", error: null } }]);
    expect(JSON.stringify(body)).not.toContain("whsec_");
    const changed = await api.ask("PUT", path, { kind: "webhook", name: "Pager 2", renewSecret: true });
    expect(changed.body).toMatchObject({ name: "Pager 2", address: `${web.url}/hook` });
    expect(changed.body.secret).toMatch(/^whsec_/);
    expect((await api.ask("PUT", path, { kind: "slack", name: "Pager" })).status).toBe(400);
    const rule = await make({ destinations: [made.body.id] });
    expect(await api.ask("DELETE", path)).toMatchObject({ status: 409, body: { code: "conflict" } });
    await api.ask("DELETE", `/api/v1/alert-rules/${rule.id}`);
    expect((await api.ask("DELETE", path)).status).toBe(204);
    expect((await api.ask("POST", `${path}/test`)).status).toBe(404);
    const notices = await api.ask("GET", `/api/v1/notices?destination=${made.body.id}&status=sent`);
    expect(notices.body.notices).toMatchObject([{ destination: { name: "Pager 2", kind: "webhook" } }]);
    const retried = await api.ask("POST", `/api/v1/notices/${tried.body.id}/retry`);
    expect(retried).toMatchObject({ status: 409, body: { code: "conflict" } });
    await api.sql`update alert_notices set status = 'failed' where id = ${tried.body.id}`;
    const toNobody = await api.ask("POST", `/api/v1/notices/${tried.body.id}/retry`);
    expect(toNobody).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("was deleted") },
    });
    expect((await api.ask("POST", "/api/v1/notices/999999/retry")).status).toBe(404);
    const logged = await api.sql`select details from audit_log where action like 'destination.%'`;
    expect(JSON.stringify(logged)).not.toMatch(/whsec_|127\.0\.0\.1/);
  });

  test.each<[string, object]>([
    ["of no kind", { name: "A" }],
    ["with an address that is none", { kind: "webhook", name: "A", url: "ftp://example.com" }],
    ["without anybody to write to", { kind: "mail", name: "A", to: [] }],
    ["with mail to nobody", { kind: "mail", name: "A", to: ["nobody"] }],
  ])("%s are refused", async (_what, input) => {
    expect((await api.ask("POST", "/api/v1/destinations", input)).status).toBe(400);
  });
});

describe("Alerts", () => {
  test("are listed by page, state, severity and rule, taken, muted and ended", async () => {
    const alerts = openAlerts(api.ctx);
    const rule = await alerts.makeRule({
      name: "Consumers",
      severity: "critical",
      condition: {
        kind: "threshold",
        metric: "backlog",
        by: "consumer",
        windowMs: 30_000,
        is: "above",
        value: 5,
      },
    });
    for (const consumer of ["billing", "search", "mail"]) alerts.metrics.set("backlog", 9, consumer);
    await alerts.look();
    const get = async (query: string) => (await api.ask("GET", `/api/v1/alerts?${query}`)).body;
    const all = await get(`rule=${rule.id}`);
    expect(all.alerts).toHaveLength(3);
    expect(all.counts).toEqual({ firing: 3 });
    expect(all.evaluatedAt).toBe(alerts.clock.now().toISOString());
    const first = await get(`rule=${rule.id}&limit=2`);
    const second = await get(`rule=${rule.id}&limit=2&after=${first.nextAfter}`);
    expect([...first.alerts, ...second.alerts]).toEqual(all.alerts);
    expect(second.nextAfter).toBeNull();
    const [one, two] = all.alerts;
    const post = (id: string, command: string, body?: object) =>
      api.ask("POST", `/api/v1/alerts/${id}/${command}`, body, { "nagare-actor": "aiko" });
    expect((await post(one.id, "acknowledge", { note: "Mine" })).body).toMatchObject({
      state: "acknowledged",
      acknowledged: { by: "aiko", note: "Mine" },
    });
    expect((await post(one.id, "acknowledge")).status).toBe(200);
    expect((await post(two.id, "resolve")).body).toMatchObject({ state: "resolved" });
    expect((await post(two.id, "acknowledge")).status).toBe(409);
    expect((await get("state=acknowledged&state=resolved")).alerts).toHaveLength(2);
    expect((await get("severity=info")).alerts).toEqual([]);
    const until = new Date(alerts.clock.now().getTime() + 60_000_000_000).toISOString();
    expect((await post(one.id, "mute", { until, reason: "" })).status).toBe(400);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post(one.id, "mute", { until: soon, reason: "Known" })).body.mute).toMatchObject({
      by: "aiko",
    });
    expect((await post(one.id, "unmute")).body.mute).toBeNull();
  });

  test.each([
    ["GET", "/api/v1/alerts?state=burning", 400],
    ["GET", "/api/v1/alerts?after=x", 400],
    ["GET", "/api/v1/alerts/999999", 404],
    ["GET", "/api/v1/alerts/x", 400],
    ["POST", "/api/v1/alerts/999999/acknowledge", 404],
    ["GET", "/api/v1/notices?status=lost", 400],
  ] as const)("%s %s is answered with %i", async (method, url, status) => {
    expect((await api.ask(method, url)).status).toBe(status);
  });
});
