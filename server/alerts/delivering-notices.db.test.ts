import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestBus, type TestBus, until } from "#server/bus/testing/open-bus.ts";
import type { DestinationInput, NoticeDto } from "#server/contract/alert-destinations.ts";
import { verifyWebhook } from "#server/domain/standard-webhooks.ts";
import type { Context } from "#server/platform/context.ts";
import { readEnv } from "#server/platform/env.ts";
import { deliverNoticesOnce, NOTICE_LEASE_MS } from "./deliver-notices.ts";
import { changeDestination, createDestination, deleteDestination } from "./destinations.ts";
import { listNotices, retryNotice } from "./notices.ts";
import { changeAlertRule, getAlertRule } from "./rules.ts";
import { createSendNotice, type SendNotice } from "./send-notice.ts";
import { testDestination } from "./test-destination.ts";
import { openAlerts } from "./testing/open-alerts.ts";
import { openHttpReceiver, openMailReceiver } from "./testing/receivers.ts";

let bus: TestBus;
let web: Awaited<ReturnType<typeof openHttpReceiver>>;
let mail: Awaited<ReturnType<typeof openMailReceiver>>;
let alerts: ReturnType<typeof openAlerts>;
let ctx: Context;
let send: SendNotice;
beforeAll(async () => {
  [bus, web, mail] = await Promise.all([openTestBus(), openHttpReceiver(), openMailReceiver()]);
});
afterAll(() => Promise.all([bus.close(), web.close(), mail.close()]));

beforeEach(async () => {
  await bus.sql`truncate alerts, alert_steps, alert_notices, alert_rules, alert_destinations cascade`;
  await bus.sql`update alert_evaluation set holder = null`;
  web.received.length = 0;
  mail.received.length = 0;
  const env = readEnv({
    NAGARE_ALLOWED_TARGETS: "127.0.0.0/8",
    NAGARE_PUBLIC_URL: "https://console.example.com/",
    NAGARE_SMTP_URL: mail.url,
    NAGARE_MAIL_FROM: "Nagare <nagare@example.com>",
  });
  alerts = openAlerts({ ...bus.ctx, env });
  ctx = alerts.ctx;
  send = createSendNotice(env, ctx);
});

/** An alert that fires, and is to be told there. */
async function fire(input: DestinationInput) {
  const made = await createDestination(ctx, input);
  const rule = await alerts.makeRule({
    name: "Too many <orders>",
    destinations: [made.id],
    severity: "critical",
    note: "Look at the shop first.",
    runbook: "https://runbooks.example.com/orders",
  });
  alerts.metrics.set("events", 9);
  await alerts.look();
  return { made, rule };
}

const deliver = (random = 1, how = send) => deliverNoticesOnce({ ...ctx, random: () => random, send: how });

async function notices(): Promise<NoticeDto[]> {
  return (await listNotices(ctx, { limit: 50 })).notices.toReversed();
}

describe("A webhook", () => {
  test("gets a signed CloudEvent for each step, under an id that stays the same", async () => {
    const { made, rule } = await fire({ kind: "webhook", name: "Pager", url: `${web.url}/hook?token=t0ken` });
    web.answerNext({ status: 500, body: "Not now" });
    await deliver();
    alerts.clock.advance(60_000);
    await deliver();
    const [first, second] = web.received;
    expect(web.received).toHaveLength(2);
    expect(first?.headers["webhook-id"]).toBe(second?.headers["webhook-id"]);
    expect(first?.body).toBe(second?.body);
    const nowS = Math.floor(ctx.clock.now().getTime() / 1000);
    const headers = second?.headers as Record<string, string>; // none of them is repeated
    expect(verifyWebhook(headers, second?.body ?? "", [made.secret ?? ""], nowS)).toEqual({
      kind: "verified",
    });
    expect(headers["content-type"]).toContain("application/cloudevents+json");
    expect(JSON.parse(second?.body ?? "")).toMatchObject({
      specversion: "1.0",
      type: "nagare.alert.firing",
      source: "https://console.example.com/alerts",
      data: {
        headline: "Firing: Too many <orders>",
        alert: { value: 9, labels: {} },
        rule: { id: rule.id, severity: "critical", note: "Look at the shop first." },
        links: { runbook: "https://runbooks.example.com/orders" },
      },
    });
    const [notice] = await notices();
    expect(notice).toMatchObject({ status: "sent", nextAttemptAt: null });
    expect(notice?.attempts).toMatchObject([
      { code: 500, failure: "answered", detail: "Not now" },
      { code: 200, error: null, failure: null },
    ]);
    expect(JSON.stringify([made.address, await notices()])).not.toMatch(/t0ken|whsec/);
  });

  test("is signed with both secrets for a day after one was made anew", async () => {
    const { made } = await fire({ kind: "webhook", name: "Pager", url: web.url });
    const renewed = await changeDestination(ctx, made.id, {
      kind: "webhook",
      name: "Pager",
      renewSecret: true,
    });
    await testDestination(ctx, made.id, send);
    ctx.clock.now();
    alerts.clock.advance(25 * 3_600_000);
    await testDestination(ctx, made.id, send);
    const [early, late] = web.received;
    const verdicts = [early, late].map((message, index) =>
      [made.secret, renewed.secret].map((secret) => {
        const nowS = Math.floor(ctx.clock.now().getTime() / 1000) - (index === 0 ? 25 * 3_600 : 0);
        const headers = message?.headers as Record<string, string>; // none of them is repeated
        return verifyWebhook(headers, message?.body ?? "", [secret ?? ""], nowS).kind;
      }),
    );
    expect(verdicts).toEqual([
      ["verified", "verified"],
      ["refused", "verified"],
    ]);
  });

  test("is waited for as long as it asks, and given up after eight tries", async () => {
    const { made } = await fire({ kind: "webhook", name: "Pager", url: web.url });
    web.answerNext({ status: 503, headers: { "retry-after": "600" } });
    await deliver(0);
    const [put] = await notices();
    expect(Date.parse(put?.nextAttemptAt ?? "") - ctx.clock.now().getTime()).toBe(600_000);
    for (let tries = 0; tries < 7; tries += 1) {
      web.answerNext({ status: 503 });
      alerts.clock.advance(3_600_000);
      await deliver();
    }
    expect(await notices()).toMatchObject([{ status: "failed", attempts: { length: 8 } }]);
    alerts.clock.advance(3_600_000);
    await deliver();
    expect(web.received).toHaveLength(8);
    const [failed] = await notices();
    await retryNotice(ctx, failed?.id ?? "");
    await deliver();
    expect(await notices()).toMatchObject([{ status: "sent", attempts: { length: 9 } }]);
    await expect(retryNotice(ctx, failed?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    expect(new Set(web.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(made.isUsable).toBe(true);
  });

  test("that refuses for good is not asked again, nor is one that must not be called", async () => {
    await fire({ kind: "webhook", name: "Gone", url: web.url });
    await fire({ kind: "webhook", name: "Private", url: "http://10.1.2.3/hook" }).catch(() => null);
    web.answerNext({ status: 410, body: "Gone" });
    await deliver();
    expect(await notices()).toMatchObject([{ status: "failed", attempts: [{ code: 410 }] }]);
    const inner = await createDestination(ctx, { kind: "webhook", name: "Inner", url: "http://10.1.2.3/" });
    const tried = await testDestination(ctx, inner.id, send);
    expect(tried).toMatchObject({ kind: "test", status: "failed" });
    expect(tried.attempts[0]?.error).toContain("NAGARE_ALLOWED_TARGETS");
  });

  test("is written to in its own language, in another one once it has chosen that", async () => {
    const { made } = await fire({ kind: "webhook", name: "Pager", url: web.url, language: "ja" });
    await deliver();
    const change = { kind: "webhook" as const, name: "Pager", renewSecret: false };
    await changeDestination(ctx, made.id, change);
    await testDestination(ctx, made.id, send);
    await changeDestination(ctx, made.id, { ...change, language: "en" });
    await testDestination(ctx, made.id, send);
    expect(web.received.map(({ body }) => JSON.parse(body).data.headline)).toEqual([
      "発報: Too many <orders>",
      "テスト: Pagerにメッセージが届きました",
      "Test: messages to Pager arrive",
    ]);
  });

  test("gets what is said of an alert in order", async () => {
    await fire({ kind: "webhook", name: "Pager", url: web.url });
    web.answerNext({ status: 500 });
    await deliver();
    alerts.metrics.set("events", 1);
    await alerts.look(2_000);
    await deliver();
    expect((await notices()).map(({ status }) => status)).toEqual(["retrying", "waiting"]);
    const [first, second] = await notices();
    await expect(retryNotice(ctx, second?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    await retryNotice(ctx, first?.id ?? "");
    await deliver();
    await deliver();
    expect(web.received.map(({ body }) => JSON.parse(body).type)).toEqual([
      "nagare.alert.firing",
      "nagare.alert.firing",
      "nagare.alert.resolved",
    ]);
  });
});

test("Slack gets text and blocks with a link, and nothing of the address is shown", async () => {
  const { made } = await fire({ kind: "slack", name: "Team", url: `${web.url}/services/T0/B0/s3cret` });
  await deliver();
  const message = JSON.parse(web.received[0]?.body ?? "");
  expect(message.text).toBe("Firing: Too many &lt;orders&gt;");
  expect(JSON.stringify(message.blocks)).toContain("https://console.example.com/alerts?alert=");
  expect(JSON.stringify(message.blocks)).toContain("events (rate) is above 5 a second over 30 s");
  expect(made.address).toBe(`${web.url}/…`);
});

describe("Mail", () => {
  test("says what there is to say, with a link", async () => {
    await fire({ kind: "mail", name: "On call", to: ["aiko@example.com", "ben@example.com"] });
    await deliver();
    const [letter] = mail.received;
    expect(letter).toMatchObject({ from: "nagare@example.com", to: ["aiko@example.com", "ben@example.com"] });
    expect(letter?.text).toContain("Subject: [critical] Firing: Too many <orders>");
    expect(letter?.text).toMatch(/Message-ID: <notice-\d+@console\.example\.com>/);
    expect(letter?.text).toContain("Open the alert: https://console.example.com/alerts?alert=");
    expect(await notices()).toMatchObject([{ status: "sent", attempts: [{ code: 250, error: null }] }]);
  });

  test("that is refused for now is tried again, for good is not, and in part says for whom", async () => {
    mail.refuse("full@example.com", 452);
    mail.refuse("nobody@example.com", 550);
    const tried = async (to: string[]) => {
      await bus.sql`truncate alerts, alert_steps, alert_notices, alert_rules, alert_destinations cascade`;
      await fire({ kind: "mail", name: "On call", to });
      await deliver();
      return notices();
    };
    expect(await tried(["full@example.com"])).toMatchObject([
      { status: "retrying", attempts: [{ code: 452 }] },
    ]);
    expect(await tried(["nobody@example.com"])).toMatchObject([
      { status: "failed", attempts: [{ code: 550 }] },
    ]);
    const [partly] = await tried(["aiko@example.com", "nobody@example.com"]);
    expect(partly?.status).toBe("sent");
    expect(partly?.attempts[0]?.error).toContain("nobody@example.com");
  });

  test("waits where the server has no way to send it, and the destination says so", async () => {
    const env = readEnv({});
    const made = await createDestination(
      { ...ctx, env },
      { kind: "mail", name: "No way", to: ["a@example.com"] },
    );
    expect(made.isUsable).toBe(false);
    const tried = await testDestination({ ...ctx, env }, made.id, createSendNotice(env, ctx));
    expect(tried.attempts[0]?.error).toContain("NAGARE_SMTP_URL");
  });
});

test("a message that can't be made is given up in the end, and holds up no other", async () => {
  await fire({ kind: "webhook", name: "Pager", url: web.url });
  await bus.sql`update alert_notices set message = '{"kind": "firing"}'`;
  for (let tries = 0; tries < 8; tries += 1) {
    await deliver();
    alerts.clock.advance(3_600_000);
  }
  expect(await notices()).toMatchObject([{ status: "failed", attempts: { length: 8 } }]);
});

describe("A process that dies while it sends", () => {
  test("leaves the message to another one, which sends it under the same id", async () => {
    await fire({ kind: "webhook", name: "Pager", url: web.url });
    const death = Promise.withResolvers<never>();
    void deliver(1, async (sending) => {
      await send(sending);
      return death.promise;
    });
    await until(() => web.received.length === 1);
    await deliver();
    expect(web.received).toHaveLength(1);
    alerts.clock.advance(NOTICE_LEASE_MS + 1);
    await deliver();
    expect(web.received).toHaveLength(2);
    expect(new Set(web.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(await notices()).toMatchObject([{ status: "sent" }]);
  });
});

test("a destination that rules send to stays; once it is gone, what waits for it is given up", async () => {
  const { made, rule } = await fire({ kind: "webhook", name: "Pager", url: web.url });
  await expect(deleteDestination(ctx, made.id)).rejects.toMatchObject({ code: "conflict" });
  const { name, isOn, severity, condition, forMs, note, runbook } = await getAlertRule(ctx, rule.id);
  await changeAlertRule(ctx, rule.id, {
    name,
    isOn,
    severity,
    condition,
    forMs,
    note,
    runbook,
    destinations: [],
  });
  await deleteDestination(ctx, made.id);
  await deliver();
  expect(web.received).toEqual([]);
  expect(await notices()).toMatchObject([{ status: "failed", destination: { name: "Pager" } }]);
});
