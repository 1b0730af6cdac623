import { afterAll, beforeAll, expect, test } from "vitest";
import { getSubscription } from "#server/bus/get-subscription.ts";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { seededRandom } from "#server/domain/fault-injection.ts";
import { deleteSchema } from "#server/schemas/delete-schema.ts";
import { putSchema } from "#server/schemas/put-schema.ts";
import { injectFault, playPreset, removeFault } from "../change-fault.ts";
import { getScenarioDto } from "../list-scenarios.ts";
import { removeScenarioData } from "../remove-data.ts";
import { startScenario, stopScenario } from "../start-scenario.ts";
import { openScenarios, type TestScenarios, until } from "../testing/open-scenarios.ts";
import { notifications } from "./scenario.ts";
import { USER_REGISTERED } from "./user-registered.ts";

const NAME = "notifications";
let system: TestScenarios;
beforeAll(async () => {
  system = await openScenarios();
  await system.start(NAME);
});
afterAll(() => system.close());

const changePassword = (key: string, customerId: string) =>
  system.put(NAME, "accounts", [
    { type: "password.changed", key, partitionKey: customerId, data: { customerId } },
  ]);
const register = (key: string, version: string, data: object) =>
  system.put(NAME, "accounts", [{ type: "user.registered", key, partitionKey: key, version, data }]);
/** What was sent in a flow, once as much as expected was. */
async function sentIn(key: string, count = 1) {
  const sent = async () => {
    const rows = await system.sql<{ data: string }[]>`
      select data_text as data from events join interned_names n on n.id = type_id
      where correlation_id = ${key} and n.name = 'notification.sent'`;
    return rows.map(({ data }): unknown => JSON.parse(data));
  };
  await until(async () => (await sent()).length >= count);
  return sent();
}

test.each([
  ["customer-1", "push", "Aiko Tanaka"],
  ["customer-2", "sms", "Ben Okafor"],
  ["customer-3", "mail", "Carla Rossi"],
  ["customer-4", "chat", "Daichi Mori"],
])("an event with only the id of %s reaches them by %s", async (customerId, by, to) => {
  await changePassword(`only-${by}`, customerId);
  expect(await sentIn(`only-${by}`)).toEqual([
    { customerId, to, text: `${to}, your password was changed.`, by },
  ]);
  expect(await system.flow(`only-${by}`)).toEqual(["password.changed", `${by}.send`, "notification.sent"]);
});

test("who prefers two ways hears by both, who prefers none by none, and nobody unknown", async () => {
  await changePassword("none", "customer-20");
  await changePassword("nobody", "customer-21");
  await changePassword("both", "customer-10");
  expect((await sentIn("both", 2)).map((one) => Object(one).by).toSorted()).toEqual(["chat", "sms"]);
  await until(async () => Object.keys(await system.effectsOf(NAME, "none")).includes("router/routed"));
  expect(await system.flow("none")).toEqual(["password.changed"]);
  await until(async () => {
    const dead = await system.sql`
      select from deliveries join subscriptions on id = subscription_id
      where consumer = 'notifications.router' and status = 4`;
    return dead.length === 1;
  });
});

test("who changes their mind hears by the new way, and so from then on", async () => {
  const customerId = "customer-9";
  const change = (key: string, wants: string[]) =>
    system.put(NAME, "accounts", [
      { type: "preferences.changed", key, partitionKey: customerId, data: { customerId, wants } },
    ]);
  await changePassword("before", customerId);
  expect(await sentIn("before")).toMatchObject([{ by: "mail" }]);
  await change("mind", ["chat", "push"]);
  expect((await sentIn("mind", 2)).map((one) => Object(one).by).toSorted()).toEqual(["chat", "push"]);
  await changePassword("after", customerId);
  expect((await sentIn("after", 2)).map((one) => Object(one).by).toSorted()).toEqual(["chat", "push"]);
  await change("quiet", []);
  await changePassword("unheard", customerId);
  await until(async () => Object.keys(await system.effectsOf(NAME, "unheard")).includes("router/routed"));
  expect(await system.flow("unheard")).toEqual(["password.changed"]);
});

test("who registers is known to the router from then on", async () => {
  await register("newcomer", "2.0", { customerId: "customer-2000", full_name: "New Comer", wants: ["sms"] });
  await sentIn("newcomer");
  await changePassword("newcomer-again", "customer-2000");
  expect(await sentIn("newcomer-again")).toMatchObject([{ by: "sms", to: "New Comer" }]);
});

test("while the router is down nobody is told, and everybody is once it is back", async () => {
  await system.disturb(NAME, "router", { isDown: true });
  await changePassword("waits", "customer-3");
  const failed = () => system.sql`
    select from attempts join subscriptions on id = subscription_id
    where consumer = 'notifications.router' and position = (select position from events where id = 'password.changed-waits')`;
  await until(async () => (await failed()).length >= 1);
  expect(await system.flow("waits")).toEqual(["password.changed"]);
  await removeFault(system.ctx, NAME, "router");
  expect(await sentIn("waits")).toMatchObject([{ by: "mail" }]);
});

test("while chat is slow, what waits for it grows and the other ways go on; then it catches up", async () => {
  await playPreset(system.ctx, NAME, "chat-is-slow");
  await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
  // Chat works on four at once.
  const slow = Array.from({ length: 20 }, (_, at) => `slow-${at}`);
  for (const key of slow) await changePassword(key, "customer-4");
  await changePassword("quick", "customer-1");
  expect(await sentIn("quick")).toMatchObject([{ by: "push" }]);
  await until(async () => (await system.flow("slow-19")).includes("chat.send"));
  expect((await getSubscription(system.ctx, "notifications.chat")).backlog?.count).toBeGreaterThan(0);
  expect(await system.flow("slow-19")).not.toContain("notification.sent");
  await removeFault(system.ctx, NAME, "chat");
  for (const key of slow) expect(await sentIn(key)).toMatchObject([{ by: "chat" }]);
});

test("registrations of both versions are read as 2.0, and stay stored as they came", async () => {
  const [customerId, wants] = ["customer-1000", ["mail"]];
  await register("old", "1.0", { customerId, name: "Old Form", wants });
  await register("new", "2.0", { customerId, full_name: "New Form", wants });
  expect(await sentIn("old")).toEqual([
    { customerId, to: "Old Form", text: "Welcome, Old Form.", by: "mail" },
  ]);
  expect(await sentIn("new")).toEqual([
    { customerId, to: "New Form", text: "Welcome, New Form.", by: "mail" },
  ]);
  const [stored] = await system.sql<{ data: string }[]>`
    select data_text as data from events join interned_names n on n.id = type_id
    where correlation_id = 'old' and n.name = 'user.registered'`;
  expect(JSON.parse(stored?.data ?? "")).toHaveProperty("name", "Old Form");
});

test("while SMS is down, the other ways go on, and it sends once it is back", async () => {
  await injectFault(system.ctx, NAME, { service: "sms", fault: faultInputSchema.parse({ isDown: true }) });
  await new Promise((resolve) => setTimeout(resolve, 300)); // what is known of faults may be as old as this
  await changePassword("by-sms", "customer-2");
  await changePassword("by-push", "customer-1");
  await sentIn("by-push");
  await until(async () => (await system.flow("by-sms")).includes("sms.send"));
  expect(await system.flow("by-sms")).not.toContain("notification.sent");
  await removeFault(system.ctx, NAME, "sms");
  expect(await sentIn("by-sms")).toMatchObject([{ by: "sms" }]);
});

test("its traffic has both versions, each valid, beside events with only an id", async () => {
  const made: string[] = [];
  const random = seededRandom("notices");
  for (let one = 0; one < 60; one += 1) {
    const { type, version, data } = notifications.produce(String(one), random);
    made.push(version === undefined ? type : `${type} ${version}`);
    if (version === undefined) {
      expect(Object.keys(data)).toEqual(
        type === "password.changed" ? ["customerId"] : ["customerId", "wants"],
      );
      continue;
    }
    const judged = system.ctx.schemas.find(type)?.schemas.judge({
      data: { encoding: "json", text: JSON.stringify(data) },
      extensions: { dataversion: version },
      dataSchema: null,
    });
    expect(judged).toEqual({ kind: "valid", version });
  }
  expect([...new Set(made)].toSorted()).toEqual([
    "password.changed",
    "preferences.changed",
    "user.registered 1.0",
    "user.registered 2.0",
  ]);
});

test("is drawn with its router as the mediator", async () => {
  const { graph } = await getScenarioDto(system.ctx, NAME);
  expect(graph.nodes.find(({ id }) => id === "router")?.kind).toBe("mediator");
  const edges = graph.edges.map(({ from, to, types }) => `${from} > ${to}: ${types.join(", ")}`);
  expect(edges).toContain(
    "producer > channel/notices: user.registered, password.changed, preferences.changed",
  );
  expect(edges).toContain("router > channel/sms: sms.send");
  expect(edges).toContain("channel/sms > sms: sms.send");
});

test("its schemas go with its data, unless they are not its own", async () => {
  const { ctx } = system;
  const remove = async () => {
    await stopScenario(ctx, NAME);
    const { confirm } = await removeScenarioData(ctx, NAME, { dryRun: true });
    await removeScenarioData(ctx, NAME, { dryRun: false, confirm });
  };
  expect(ctx.schemas.find("user.registered")?.schemas.versions).toHaveLength(2);
  await remove();
  expect(ctx.schemas.find("user.registered")).toBeNull();

  await system.start(NAME);
  for (const { type, version } of USER_REGISTERED) await deleteSchema(ctx, type, version);
  const changed = { schema: { type: "object" }, compatibility: "none" as const, upcasters: [] };
  await putSchema(ctx, "user.registered", "1.0", changed);
  await remove();
  expect(ctx.schemas.find("user.registered")?.schemas.versions).toHaveLength(1);
  await deleteSchema(ctx, "user.registered", "1.0");

  await system.start(NAME);
  const data = { encoding: "json", text: '{"customerId":"a","full_name":"A","wants":[]}' } as const;
  await system.append([{ id: "own", type: "user.registered", source: "/elsewhere", data }]);
  await remove();
  expect(ctx.schemas.find("user.registered")?.schemas.versions).toHaveLength(2);

  for (const { type, version } of USER_REGISTERED) await deleteSchema(ctx, type, version);
  await putSchema(ctx, "user.registered", "1.0", changed);
  await expect(startScenario(ctx, NAME)).rejects.toMatchObject({ code: "conflict" });
  expect((await getScenarioDto(ctx, NAME)).runningSince).toBeNull();
});
