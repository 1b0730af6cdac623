import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestBus, type TestBus } from "#server/bus/testing/open-bus.ts";
import type { AlertDto } from "#server/contract/alerts.ts";
import type { AlertState } from "#server/domain/alerts/alert.ts";
import { acknowledgeAlert, getAlert, listAlerts, muteAlert, resolveAlert } from "./alerts.ts";
import { createDestination } from "./destinations.ts";
import { stopEvaluating } from "./evaluate-rules.ts";
import { listNotices } from "./notices.ts";
import { changeAlertRule, deleteAlertRule, getAlertRule, muteAlertRule, switchAlertRule } from "./rules.ts";
import { openAlerts } from "./testing/open-alerts.ts";

const ABOVE = { kind: "threshold", metric: "events", windowMs: 30_000, is: "above", value: 5 } as const;

let bus: TestBus;
let alerts: ReturnType<typeof openAlerts>;
let destination: number;
beforeAll(async () => {
  bus = await openTestBus();
});
afterAll(() => bus.close());

beforeEach(async () => {
  await bus.sql`truncate alerts, alert_steps, alert_notices, alert_rules, alert_destinations cascade`;
  await bus.sql`update alert_evaluation set holder = null`;
  alerts = openAlerts(bus.ctx);
  const wish = { kind: "slack" as const, name: "Team", url: "https://hooks.example.com/T0/B0/secret" };
  destination = (await createDestination(alerts.ctx, wish)).id;
});

const makeRule = (wish: Parameters<typeof alerts.makeRule>[0] = {}) =>
  alerts.makeRule({ destinations: [destination], ...wish });

async function list(): Promise<AlertDto[]> {
  return (await listAlerts(alerts.ctx, { limit: 50 })).alerts.toReversed();
}

async function states(): Promise<AlertState[]> {
  return (await list()).map(({ state }) => state);
}

/** What was or is to be said, oldest first. */
async function told(): Promise<string[]> {
  const { notices } = await listNotices(alerts.ctx, { limit: 50 });
  return notices.map(({ kind, status }) => (status === "muted" ? `${kind} (muted)` : kind)).toReversed();
}

describe("An alert's life", () => {
  test("goes from pending over firing and acknowledged to resolved, and is told step by step", async () => {
    const rule = await makeRule({ forMs: 20_000, severity: "critical" });
    alerts.metrics.set("events", 9);
    await alerts.look();
    expect(await states()).toEqual(["pending"]);
    await alerts.look();
    alerts.metrics.set("events", 12);
    await alerts.look();
    const [alert] = await list();
    expect(alert).toMatchObject({ state: "firing", value: 12, worst: 12, changes: 1, severity: "critical" });
    expect(alert?.rule).toEqual({ id: rule.id, name: rule.name });
    expect(alert?.href).toContain("/metrics?metric=events");
    await acknowledgeAlert({ ...alerts.ctx, actor: "aiko" }, alert?.id ?? "", "On it");
    alerts.metrics.set("events", 2);
    await alerts.look();
    const life = await getAlert(alerts.ctx, alert?.id ?? "");
    expect(life).toMatchObject({
      state: "resolved",
      value: 2,
      worst: 12,
      acknowledged: { by: "aiko", note: "On it" },
      resolvedAt: alerts.clock.now().toISOString(),
    });
    expect(life.history).toMatchObject([
      { state: "pending", cause: "condition", by: null },
      { state: "firing", value: 12 },
      { state: "acknowledged", cause: "acknowledged", by: "aiko" },
      { state: "resolved", value: 2 },
    ]);
    expect(await told()).toEqual(["firing", "acknowledged", "resolved"]);
    expect(await getAlertRule(alerts.ctx, rule.id)).toMatchObject({ problem: null, open: {} });
  });

  test("that did not last is forgotten", async () => {
    await makeRule({ forMs: 60_000 });
    alerts.metrics.set("events", 9);
    await alerts.look();
    alerts.metrics.set("events", 1);
    await alerts.look();
    expect(await list()).toEqual([]);
  });

  test("is one of its own for each series, and a series that is gone is over", async () => {
    await makeRule({ condition: { ...ABOVE, by: "type" } });
    for (const [type, rate] of Object.entries({ paid: 9, ordered: 8, sent: 1 })) {
      alerts.metrics.set("events", rate, type);
    }
    await alerts.look();
    expect((await list()).map(({ labels }) => labels)).toEqual([{ type: "paid" }, { type: "ordered" }]);
    alerts.metrics.remove("events", "paid");
    await alerts.look();
    expect(await states()).toEqual(["resolved", "firing"]);
  });

  test("is ended by hand, and another one begins where it holds still", async () => {
    await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    const [alert] = await list();
    await resolveAlert(alerts.ctx, alert?.id ?? "", "Known");
    await alerts.look();
    expect(await states()).toEqual(["resolved", "firing"]);
    expect(await told()).toEqual(["firing", "resolved", "firing"]);
    await expect(acknowledgeAlert(alerts.ctx, alert?.id ?? "", "")).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("flaps, is told so once, and is over when it is calm", async () => {
    await makeRule();
    for (const value of [9, 1, 9, 1, 9, 1, 9, 1]) {
      alerts.metrics.set("events", value);
      await alerts.look(30_000);
    }
    expect(await states()).toEqual(["resolved", "resolved", "flapping"]);
    expect(await told()).toEqual(["firing", "resolved", "firing", "resolved", "flapping"]);
    await alerts.look(15 * 60_000);
    expect(await states()).toEqual(["resolved", "resolved", "resolved"]);
    expect((await told()).at(-1)).toBe("resolved");
  });
});

describe("What is not known", () => {
  test("neither fires nor resolves, and is said with the rule", async () => {
    const rule = await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    alerts.metrics.set("events", 1);
    alerts.metrics.completeMs = alerts.clock.now().getTime();
    await alerts.look(120_000);
    expect(await states()).toEqual(["firing"]);
    expect((await getAlertRule(alerts.ctx, rule.id)).problem).toContain("counted up to");
    alerts.metrics.completeMs = null;
    await alerts.look();
    expect((await getAlertRule(alerts.ctx, rule.id)).problem).toContain("counted yet");
    expect(await states()).toEqual(["firing"]);
  });

  test("is what a window holds that reaches back before anything was counted", async () => {
    const rule = await makeRule();
    alerts.metrics.set("events", 9);
    alerts.metrics.sinceMs = alerts.clock.now().getTime();
    await alerts.look(20_000);
    expect(await states()).toEqual([]);
    const at = new Date(alerts.metrics.sinceMs).toISOString();
    expect((await getAlertRule(alerts.ctx, rule.id)).problemFacts).toEqual({ kind: "window-not-full", at });
    await alerts.look(10_000);
    expect(await states()).toEqual(["firing"]);
    expect((await getAlertRule(alerts.ctx, rule.id)).problem).toBeNull();
  });

  test("of one rule stops no other", async () => {
    const broken = await makeRule({ condition: { ...ABOVE, metric: "backlog" } });
    await makeRule();
    alerts.metrics.break("backlog");
    alerts.metrics.set("events", 9);
    await alerts.look();
    expect(await states()).toEqual(["firing"]);
    expect((await getAlertRule(alerts.ctx, broken.id)).problem).toContain("could not be looked at");
  });
});

describe("A rule that is changed", () => {
  test.each<[string, (id: number) => Promise<unknown>, string]>([
    ["switched off", (id) => switchAlertRule(alerts.ctx, id, false), "rule-off"],
    ["deleted", (id) => deleteAlertRule(alerts.ctx, id), "rule-deleted"],
    [
      "given another condition",
      async (id) => {
        const { condition } = await getAlertRule(alerts.ctx, id);
        if (condition.kind !== "threshold") throw new Error("It is a threshold.");
        return change(id, { condition: { ...condition, value: 7 } });
      },
      "rule-changed",
    ],
  ])("by being %s ends its alerts, and says so to those who were told", async (_how, act, cause) => {
    const { id } = await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    await act(id);
    const [alert] = await list();
    expect(await getAlert(alerts.ctx, alert?.id ?? "")).toMatchObject({
      state: "resolved",
      history: [{ state: "firing" }, { state: "resolved", cause, by: "test" }],
    });
    expect(await told()).toEqual(["firing", "resolved"]);
  });

  test("in other ways lets its alerts go on", async () => {
    const { id, version } = await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    const outcome = await change(id, { name: "Another name", expectedVersion: version });
    expect(outcome).toMatchObject({ kind: "changed", rule: { version: version + 1, open: { firing: 1 } } });
    await alerts.look();
    expect(await states()).toEqual(["firing"]);
    expect(await change(id, { expectedVersion: version })).toEqual({
      kind: "moved-on",
      actualVersion: version + 1,
    });
  });

  async function change(id: number, wish: Partial<Parameters<typeof changeAlertRule>[2]>) {
    const rule = await getAlertRule(alerts.ctx, id);
    const { name, isOn, severity, condition, forMs, destinations, note, runbook } = rule;
    const input = { name, isOn, severity, condition, forMs, destinations, note, runbook };
    return changeAlertRule(alerts.ctx, id, { ...input, ...wish });
  }
});

describe("Muting", () => {
  const until = (ms: number) => new Date(alerts.clock.now().getTime() + ms).toISOString();

  test("a rule holds back what is said until the mute ends, and then says what is still true", async () => {
    const { id } = await makeRule();
    await muteAlertRule(alerts.ctx, id, { until: until(60_000), reason: "Maintenance" });
    alerts.metrics.set("events", 9);
    await alerts.look();
    await alerts.look();
    expect(await told()).toEqual(["firing (muted)"]);
    await alerts.look(60_000);
    expect(await told()).toEqual(["firing (muted)", "firing"]);
  });

  test("an alert that is over meanwhile tells those who believe that it fires", async () => {
    await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    const [alert] = await list();
    await muteAlert(alerts.ctx, alert?.id ?? "", { until: until(60_000), reason: "Too loud" });
    alerts.metrics.set("events", 1);
    await alerts.look();
    expect(await told()).toEqual(["firing", "resolved (muted)"]);
    await alerts.look(60_000);
    await alerts.look();
    expect(await told()).toEqual(["firing", "resolved (muted)", "resolved"]);
  });
});

describe("Several processes", () => {
  test("follow one another at once where one stops in order", async () => {
    await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    await stopEvaluating({ sql: bus.sql, holder: "one" });
    alerts.metrics.set("events", 1);
    await alerts.look(10_000, "two");
    expect(await states()).toEqual(["resolved"]);
  });

  test("do not both look at the rules, and one that died is followed by another", async () => {
    await makeRule();
    alerts.metrics.set("events", 9);
    await alerts.look();
    await alerts.look(10_000, "two");
    alerts.metrics.set("events", 1);
    await alerts.look(10_000, "two");
    expect(await states()).toEqual(["firing"]);
    await bus.sql`update alert_evaluation set leased_until = now() - interval '1 second'`;
    await alerts.look(10_000, "two");
    expect(await states()).toEqual(["resolved"]);
    expect(await told()).toEqual(["firing", "resolved"]);
  });

  test("that are stopped between a state and what is said of it lose and repeat nothing", async () => {
    await makeRule();
    alerts.metrics.set("events", 9);
    await bus.sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'stopped'; end $$`;
    await bus.sql`create trigger stop before insert on alert_notices execute function refuse()`;
    await expect(alerts.look()).rejects.toThrow("stopped");
    expect(await list()).toEqual([]);
    await bus.sql`drop trigger stop on alert_notices`;
    await bus.sql`drop function refuse`;
    await alerts.look();
    await alerts.look();
    expect(await told()).toEqual(["firing"]);
  });
});

test("many rules that are calm cost few questions and are looked at as often as their windows need", async () => {
  const windows = [30_000, 10 * 60_000, 6 * 3_600_000];
  for (const windowMs of windows) {
    await makeRule({ condition: { kind: "absence", metric: "events", windowMs } });
  }
  alerts.metrics.set("events", 1);
  await alerts.look();
  expect(alerts.metrics.questions).toBe(3);
  await alerts.look(2_000);
  expect(alerts.metrics.questions).toBe(4);
  await alerts.look(3_000);
  expect(alerts.metrics.questions).toBe(6);
});
