import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestBus, type TestBus, until } from "#server/bus/testing/open-bus.ts";
import { alertRuleInputSchema } from "#server/contract/alerts.ts";
import { verifyWebhook } from "#server/domain/standard-webhooks.ts";
import { listAlerts } from "./alerts.ts";
import { deliverNoticesOnce } from "./deliver-notices.ts";
import { createDestination } from "./destinations.ts";
import { evaluateRulesOnce } from "./evaluate-rules.ts";
import { openMetrics } from "./read-metrics.ts";
import { createAlertRule } from "./rules.ts";
import { createSendNotice } from "./send-notice.ts";
import { openHttpReceiver } from "./testing/receivers.ts";

let bus: TestBus;
let web: Awaited<ReturnType<typeof openHttpReceiver>>;
beforeAll(async () => {
  [bus, web] = await Promise.all([openTestBus(), openHttpReceiver()]);
});
afterAll(() => Promise.all([bus.close(), web.close()]));

test("attempts that fail become a webhook that says so, and another one when they succeed again", async () => {
  const { ctx } = bus;
  let isDown = true;
  bus.handlers.register("billing", {
    transaction: "none",
    handle: async () => {
      if (isDown) throw new Error("The card network is down.");
    },
  });
  await bus.startBus();
  await bus.subscribe("billing", { retry: { retries: 0, baseMs: 1, factor: 1, capMs: 1, jitter: "none" } });
  const input = { kind: "webhook" as const, name: "Pager", url: web.url };
  const { id, secret } = await createDestination(ctx, input);
  const condition = {
    kind: "threshold",
    metric: "failure_rate",
    by: "consumer",
    windowMs: 5_000,
    is: "above",
    value: 0.5,
  };
  await createAlertRule(
    ctx,
    alertRuleInputSchema.parse({ name: "Billing fails", condition, destinations: [id] }),
  );
  const send = createSendNotice(ctx.env, ctx);
  /** Something goes on all the time; the workers do their rounds. */
  const goOn = async () => {
    await bus.append([{ type: "order.placed" }]);
    await evaluateRulesOnce({ ...ctx, holder: "test", openMetrics: () => openMetrics(ctx) });
    await deliverNoticesOnce({ ...ctx, random: Math.random, send });
  };
  const hears = async (type: string) => {
    await goOn();
    return web.received.some(({ body }) => JSON.parse(body).type === type);
  };
  await until(() => hears("nagare.alert.firing"));
  const [alert] = (await listAlerts(ctx, { limit: 10 })).alerts;
  expect(alert).toMatchObject({ state: "firing", labels: { consumer: "billing" }, value: 1 });
  isDown = false;
  await until(() => hears("nagare.alert.resolved"));
  expect(web.received).toHaveLength(2);
  for (const { headers, body } of web.received) {
    const given = headers as Record<string, string>; // none of them is repeated
    expect(verifyWebhook(given, body, [secret ?? ""], Date.now() / 1000)).toEqual({ kind: "verified" });
    expect(JSON.parse(body).data.alert).toMatchObject({ id: alert?.id, labels: { consumer: "billing" } });
  }
});
