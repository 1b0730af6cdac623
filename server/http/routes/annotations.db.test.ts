import { afterAll, beforeAll, expect, test } from "vitest";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import type { AnnotationListDto } from "#server/contract/metrics.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const HOUR_MS = 3_600_000;

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

test("a window that is empty or can't be read is refused with what to do", async () => {
  const at = "2026-01-31T10:00:00Z";
  const empty = await api.ask("GET", `/api/v1/annotations?from=${at}&to=${at}`);
  expect(empty).toMatchObject({ status: 400, body: { detail: expect.stringContaining("before `to`") } });
  expect((await api.ask("GET", "/api/v1/annotations?from=yesterday&to=now")).status).toBe(400);
});
