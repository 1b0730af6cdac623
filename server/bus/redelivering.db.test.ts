import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { bus, numbered, only, openEffects, register, settles, standingOf } from "./testing/effects.ts";
import { until } from "./testing/open-bus.ts";

beforeAll(openEffects);
afterAll(() => bus.close());

/** Makes what is dead in a consumer due again, in its next generation. */
async function redeliver(consumer: string, { attemptLimit = null as number | null, dataText = "" } = {}) {
  const id = bus.sql`(select id from subscriptions where consumer = ${consumer})`;
  await bus.sql.begin(async (tx) => {
    if (dataText !== "") {
      await tx`
        insert into delivery_edits (position, subscription_id, generation, data_text, replay_id)
        select position, subscription_id, generation + 1, ${dataText}, 7 from deliveries
        where subscription_id = ${id} and status = 4`;
    }
    await tx`
      update deliveries set status = 0, generation = generation + 1, attempts = 0, next_attempt_at = now(),
        settled_at = null, attempt_limit = ${attemptLimit}
      where subscription_id = ${id} and status = 4`;
  });
}

test("what is due many at a time is delivered, each as often as its own limit says", async () => {
  let isDown = true;
  const attempts = new Map<string, number>();
  register("limited", (id) => {
    attempts.set(id, (attempts.get(id) ?? 0) + 1);
    if (isDown) throw new Error("Not now.");
  });
  await bus.subscribe("limited", {
    ...only("limited"),
    retry: { retries: 2, baseMs: 1, factor: 1, capMs: 1 },
  });
  await bus.append(numbered("limited", 600));
  await settles("limited", 600);
  expect(await standingOf("limited")).toMatchObject({ dead: 600, attempts: 3 * 600 });

  await redeliver("limited", { attemptLimit: 1 });
  await until(async () => (await standingOf("limited")).dead === 600);
  expect(await standingOf("limited")).toMatchObject({ attempts: 600, generation: 1 });

  await redeliver("limited");
  await until(async () => (await standingOf("limited")).dead === 600);
  expect(await standingOf("limited")).toMatchObject({ attempts: 3 * 600, generation: 2 });

  isDown = false;
  await redeliver("limited", { attemptLimit: 1 });
  await settles("limited", 600);
  expect(await standingOf("limited")).toMatchObject({ succeeded: 600, attempts: 600, generation: 3 });
  expect(new Set(attempts.values())).toEqual(new Set([3 + 1 + 3 + 1]));
});

test("an edited payload goes to the one delivery that it was edited for, and the event stays as it is", async () => {
  const seen: { body: string; edit: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ body: Buffer.concat(chunks).toString(), edit: request.headers["ce-nagareedit"] });
    response.writeHead(seen.length < 3 ? 400 : 204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const target = { kind: "http", url: `http://127.0.0.1:${port}/` } as const;
  await bus.subscribe("edited", { ...only("edited"), target });
  const original = '{"amount": 12345678901234567890.10}';
  await bus.append([{ id: "edited-0", type: "edited", data: { encoding: "json", text: original } }]);
  await settles("edited", 1);
  const edited = '{"amount": 98765432109876543210.50}';
  await redeliver("edited", { dataText: edited });
  await until(async () => (await standingOf("edited")).dead === 1);
  await redeliver("edited");
  await until(async () => (await standingOf("edited")).succeeded === 1);
  expect(seen).toEqual([
    { body: original, edit: undefined },
    { body: edited, edit: "7" },
    { body: original, edit: undefined },
  ]);
  const [event] = await bus.sql`select data_text from events where id = 'edited-0'`;
  expect(event?.data_text).toBe(original);
  server.close();
  server.closeAllConnections();
});

test("a handler that gives up at once needs no limit", async () => {
  register("final", () => {
    throw new NonRetryableError("No use.");
  });
  await bus.subscribe("final", only("final"));
  await bus.append(numbered("final", 3));
  await settles("final", 3);
  await redeliver("final", { attemptLimit: 5 });
  await until(async () => (await standingOf("final")).dead === 3);
  expect(await standingOf("final")).toMatchObject({ attempts: 3, generation: 1 });
});
