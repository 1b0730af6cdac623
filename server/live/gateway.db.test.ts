import { randomBytes } from "node:crypto";
import { get, type IncomingMessage } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import type { AsOfDto } from "#server/contract/events.ts";
import { LiveClient, until } from "./testing/live-client.ts";
import { openTestGateway, type TestGateway } from "./testing/open-gateway.ts";

let live: TestGateway;
let clients: LiveClient[] = [];

beforeAll(async () => {
  live = await openTestGateway();
});
afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});
afterAll(() => live.close());

function openClient() {
  const client = new LiveClient(live.url);
  clients.push(client);
  return client;
}

describe("The live gateway", () => {
  test("refuses pages of other origins and names that are not ours, whatever the transport", async () => {
    const ours = new URL(live.url);
    const foreign = [{ origin: "https://elsewhere.example" }, { host: "rebound.example" }];
    for (const headers of foreign) {
      expect(await statusOfPolling(ours, headers)).toBe(403);
      expect(await statusOfUpgrade(ours, headers)).toBe(400);
    }
    expect(await statusOfPolling(ours, { origin: live.url })).toBe(200);
    expect(await statusOfUpgrade(ours, { origin: live.url })).toBe(101);
  });

  test("says how fresh it is, at once and then regularly", async () => {
    const client = openClient();
    const pulses: AsOfDto[] = [];
    client.socket.on("pulse", (asOf) => pulses.push(asOf));
    await until(() => pulses.length >= 2);
    expect(pulses[0]).toEqual({ position: live.tail.position, ingestLagMs: 0, ingestPerSecond: 0 });
  });

  test("hints at a topic after the commit that names it, and only to those who watch it", async () => {
    const [client, other] = [openClient(), openClient()];
    expect(await client.watch("dead-letters:注文")).toEqual({ ok: true, topic: "dead-letters:注文" });
    await other.watch("dead-letters:invoices");
    await live.sql.begin(async (tx) => {
      await notifyTopic(tx, "dead-letters:注文");
      await notifyTopic(tx, "dead-letters:注文");
    });
    await until(() => client.hints.length > 0);
    expect(client.hints).toEqual([["dead-letters:注文"]]);

    client.socket.emit("unwatch", "dead-letters:注文");
    await client.watch("consumers");
    await notifyTopic(live.sql, "dead-letters:注文");
    await notifyTopic(live.sql, "consumers");
    await until(() => client.hints.length === 2);
    expect(client.hints[1]).toEqual(["consumers"]);
    expect(other.hints).toEqual([]);
  });

  test("folds a burst of hints", async () => {
    const client = openClient();
    await client.watch("consumers");
    await client.watch("sagas");
    const start = performance.now();
    for (let notice = 0; notice < 400; notice += 1) {
      await notifyTopic(live.sql, notice % 2 === 0 ? "consumers" : "sagas");
    }
    await notifyTopic(live.sql, "sagas");
    await until(() => client.hints.at(-1)?.includes("sagas") === true);
    expect(client.hints.length).toBeLessThanOrEqual(Math.ceil((performance.now() - start) / 100) + 2);
  });

  test("tells every watcher to look again when the notices of Postgres were interrupted", async () => {
    const client = openClient();
    await client.watch("consumers");
    const [ended] = await live.sql`
      select count(pg_terminate_backend(pid)) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`;
    expect(ended?.count).toBe("1");
    await until(() => client.hints.some((topics) => topics.includes("consumers")));

    const before = client.hints.length;
    await notifyTopic(live.sql, "consumers");
    await until(() => client.hints.length > before);
  });

  test("takes a number of subscriptions and topics, and says so beyond it", async () => {
    const client = openClient();
    for (let key = 0; key < 20; key += 1) {
      expect(await client.subscribe({ key: `s${key}` })).toMatchObject({ ok: true });
    }
    expect(await client.subscribe({ key: "one-more" })).toMatchObject({ ok: false, code: "too-many" });
    expect(await client.subscribe({ key: "s3" })).toMatchObject({ ok: true });
    client.socket.emit("unsubscribe", "s3");
    expect(await client.subscribe({ key: "one-more" })).toMatchObject({ ok: true });

    for (let topic = 0; topic < 50; topic += 1) await client.watch(`consumers:${topic}`);
    expect(await client.watch("consumers:50")).toMatchObject({ ok: false, code: "too-many" });
    expect(await client.watch("consumers:7")).toMatchObject({ ok: true });
  });

  test("answers what it can't use, and outlives whatever a client sends", async () => {
    const client = openClient();
    expect(await client.subscribe({ key: "" })).toMatchObject({ ok: false, code: "invalid" });
    expect(await client.subscribe({ filter: { q: "x".repeat(300) } })).toMatchObject({
      ok: false,
      message: expect.stringContaining("filter.q"),
    });
    expect(await client.watch("Not A Topic")).toMatchObject({ ok: false, code: "invalid" });

    const rude = openClient();
    const junk = [
      undefined,
      null,
      0,
      "",
      "x",
      [],
      {},
      [[]],
      { key: {} },
      { key: "k", filter: [] },
      "__proto__",
    ];
    const send = rude.socket.emit.bind(rude.socket) as (event: string, ...values: unknown[]) => void; // on purpose
    for (const event of ["subscribe", "unsubscribe", "watch", "unwatch", "error", "message", "hints"]) {
      send(event);
      for (const value of junk) {
        send(event, value);
        send(event, value, value, value);
        send(event, value, () => {});
      }
    }
    rude.socket.emit("watch", "x".repeat(2_000_000), () => {});
    await new Promise<void>((resolve) => rude.socket.once("disconnect", () => resolve()));

    await client.subscribe();
    await appendTestEvents(live.sql, [{}]);
    await until(() => client.matched() === 1);
  });

  test("stops so that clients try to come back", async () => {
    const stopping = await openTestGateway();
    const client = new LiveClient(stopping.url);
    clients.push(client);
    await client.subscribe();
    const reason = new Promise<string>((resolve) => client.socket.once("disconnect", resolve));
    await stopping.gateway.close();
    expect(await reason).toBe("transport close");
    expect(client.socket.active).toBe(true);
    client.close();
    await stopping.close();
  });
});

function statusOfPolling(url: URL, headers: Record<string, string>) {
  return statusOf(new URL("/socket.io/?EIO=4&transport=polling", url), headers);
}

function statusOfUpgrade(url: URL, headers: Record<string, string>) {
  return statusOf(new URL("/socket.io/?EIO=4&transport=websocket", url), {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    ...headers,
  });
}

function statusOf(url: URL, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false });
    const settle = (response: IncomingMessage) => {
      resolve(response.statusCode);
      request.destroy();
    };
    request.on("response", settle).on("upgrade", settle).on("error", reject);
  });
}
