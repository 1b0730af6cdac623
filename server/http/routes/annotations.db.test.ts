import { afterAll, beforeAll, expect, test } from "vitest";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { alertRuleInputSchema } from "#server/contract/alerts.ts";
import type { AnnotationListDto } from "#server/contract/metrics.ts";
import { definitionOf } from "#server/domain/metrics/catalogue.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { createAlertRule } from "../../alerts/rules.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const HOUR_MS = 3_600_000;
const RULE = alertRuleInputSchema.parse({
  name: "Too slow",
  condition: { kind: "threshold", metric: "events", windowMs: 60_000, is: "above", value: 5 },
});

async function note(action: string, subject: string, details = {}): Promise<void> {
  await api.sql.begin((tx) => insertAudit(tx, { actor: "console", action, subject, details }));
}

async function list(): Promise<AnnotationListDto> {
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const { status, body } = await api.ask("GET", `/api/v1/annotations?from=${from}&to=${to}`);
  expect(status).toBe(200);
  return body;
}

test("what was done is told with its kind, its page and its end, newest first", async () => {
  const endsAt = new Date(Date.now() + HOUR_MS / 2).toISOString();
  await note("fault.injected", "orders-broker.payment", { endsAt });
  await note("fault.injected", "orders-broker.shipping");
  await note("fault.removed", "orders-broker.shipping");
  await note("failure-rule.created", "Discard probes");
  await note("replay.started", "replay:7");
  await note("dead-letters.discarded", "dead-letters");
  const { annotations, isCapped } = await list();
  expect(isCapped).toBe(false);
  expect(annotations.map(({ kind, subject, href }) => ({ kind, subject, href }))).toEqual([
    { kind: "replay", subject: "#7", href: "/dead-letters/replays/7" },
    { kind: "rule", subject: "Discard probes", href: "/dead-letters/rules" },
    { kind: "fault", subject: "orders-broker.shipping", href: "/scenarios" },
    { kind: "fault", subject: "orders-broker.payment", href: "/scenarios" },
  ]);
  const [, , removed, timed] = annotations;
  expect(removed?.endedAt).not.toBeNull();
  expect(Date.parse(removed?.endedAt ?? "")).toBeLessThan(Date.parse(endsAt));
  expect(timed?.endedAt).toBe(endsAt);
});

test("alerts stand from when they fired until they were over, those that fired before too", async () => {
  const clock = { clock: createFixedClock(new Date(Date.now() - 2 * HOUR_MS).toISOString()) };
  const rule = await createAlertRule({ ...api.ctx, ...clock }, RULE);
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const spell = (series: string, state: string, firedMs: number | null, resolvedMs: number | null) => api.sql`
    insert into alerts (rule_id, rule_name, severity, condition, labels, series, state, holds, began_at, held_ms, seen_at,
      fired_at, resolved_at, changes)
    values (${rule.id}, ${rule.name}, 'warning', ${JSON.stringify(RULE.condition)}::jsonb, ${JSON.stringify({ consumer: series })}::jsonb, ${series}, ${state}, true,
      ${at(-3 * HOUR_MS)}, 0, ${at(0)}, ${firedMs === null ? null : at(firedMs)}, ${resolvedMs === null ? null : at(resolvedMs)}, '[]')`;
  await spell("old", "resolved", -3 * HOUR_MS, -2 * HOUR_MS);
  await spell("lasting", "firing", -2 * HOUR_MS, null);
  await spell("over", "resolved", -HOUR_MS / 2, -HOUR_MS / 4);
  await spell("waiting", "pending", null, null);
  const alerts = (await list()).annotations.filter(({ kind }) => kind === "alert");
  expect(alerts.map(({ subject, endedAt }) => [subject, endedAt === null])).toEqual([
    ["Too slow (over)", false],
    ["Too slow (lasting)", true],
  ]);
  for (const { href } of alerts) expect(href).toMatch(/^\/alerts\?alert=\d+$/);
});

test("what events bring for the first time is one entry, with a page of its first events", async () => {
  const series = (labels: Record<string, string>, names: string, ms: number) => api.sql`
    insert into metric_series (metric, label_names, labels, created_at)
    values ('events', ${names}, ${JSON.stringify(labels)}::jsonb, ${new Date(Date.now() + ms).toISOString()})`;
  const whole = definitionOf("events").labels.join(",");
  await series({ type: "order.placed", source: "/a", channel: "c", version: "1" }, whole, -50 * HOUR_MS);
  // Another producer of a version that was known.
  await series({ type: "order.placed", source: "/b", channel: "c", version: "1" }, whole, -20_000);
  await series({ type: "order.placed", source: "/b", channel: "c", version: "2" }, whole, -20_000);
  await series({ source: "/b" }, "source", -20_000);
  const news = (await list()).annotations.filter(({ kind }) => kind === "deploy");
  expect(news).toMatchObject([{ subject: "/b, order.placed 2", more: 0, endedAt: null }]);
  expect(news[0]?.href).toMatch(/^\/events\?source=%2Fb&from=/);
});

test("a fault from before the window that is still there is told of", async () => {
  await note("fault.injected", "orders-broker.billing");
  await api.sql`
    update audit_log set at = now() - interval '5 hours' where subject = 'orders-broker.billing'`;
  const { annotations } = await list();
  expect(annotations.filter(({ subject }) => subject === "orders-broker.billing")).toHaveLength(1);
});

test("a window that is empty or can't be read is refused with what to do", async () => {
  const at = "2026-01-31T10:00:00Z";
  const empty = await api.ask("GET", `/api/v1/annotations?from=${at}&to=${at}`);
  expect(empty).toMatchObject({ status: 400, body: { detail: expect.stringContaining("before `to`") } });
  expect((await api.ask("GET", "/api/v1/annotations?from=yesterday&to=now")).status).toBe(400);
});
