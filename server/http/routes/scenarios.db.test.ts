import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test("a sample system is switched on, disturbed, calmed, switched off and removed", async () => {
  const { body: list } = await api.ask("GET", "/api/v1/scenarios");
  expect(list.scenarios.map(({ runningSince }: { runningSince: unknown }) => runningSince)).toEqual(
    list.scenarios.map(() => null),
  );
  const at = (rest: string) => `/api/v1/scenarios/orders-broker/${rest}`;
  expect((await api.ask("POST", at("presets/mail-is-slow"))).status).toBe(409);
  expect((await api.ask("POST", at("start"))).body.runningSince).not.toBeNull();
  expect((await api.ask("PUT", at("rate"), { rate: 5 })).body.rate).toBe(5);
  expect((await api.ask("PUT", at("rate"), { rate: 5_000 })).status).toBe(400);

  const mailOf = (body: { services: { name: string; fault: unknown }[] }) =>
    body.services.find(({ name }) => name === "mail")?.fault;
  const disturbed = await api.ask("PUT", at("faults/mail"), { latencyMs: 100, seconds: null });
  expect(mailOf(disturbed.body)).toMatchObject({ latencyMs: 100, endsAt: null, preset: null });
  expect((await api.ask("PUT", at("faults/mail"), { failureRate: 2 })).status).toBe(400);
  expect(mailOf((await api.ask("DELETE", at("faults/mail"))).body)).toBeNull();
  expect(mailOf((await api.ask("POST", at("presets/mail-is-slow"))).body)).toMatchObject({
    preset: "mail-is-slow",
  });

  expect((await api.ask("DELETE", at("data"), { dryRun: true })).status).toBe(409);
  const stopped = await api.ask("POST", at("stop"));
  expect(stopped.body.runningSince).toBeNull();
  expect(mailOf(stopped.body)).toBeNull();
  const { body: dry } = await api.ask("DELETE", at("data"), { dryRun: true });
  expect(dry).toMatchObject({ done: false, subscriptions: 5, channels: 2 });
  expect((await api.ask("DELETE", at("data"), { confirm: dry.confirm })).body.done).toBe(true);
  const { body: left } = await api.ask("GET", "/api/v1/subscriptions");
  expect(left.subscriptions).toEqual([]);
});

test("what there is not is named, with what there is", async () => {
  const unknown = await api.ask("POST", "/api/v1/scenarios/orders/start");
  expect(unknown).toMatchObject({ status: 404 });
  expect(unknown.body.detail).toContain("orders-broker, orders-mediator, orders-sync, orders-saga");
  const service = await api.ask("PUT", "/api/v1/scenarios/orders-saga/faults/nobody", {});
  expect(service.body.detail).toContain("payment, inventory, orders, mail");
});
