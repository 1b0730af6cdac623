import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#server/bus/testing/open-bus.ts";
import type { TopologyDto } from "#server/contract/topology.ts";
import { countTopologyOnce } from "#server/topology/count-topology.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
let reload: () => Promise<unknown>;
beforeAll(async () => {
  api = await openTestApi();
  const worker = await api.startBus();
  reload = () => worker.reload();
});
afterAll(() => api.close());

const read = async (query = ""): Promise<TopologyDto> => {
  while (await countTopologyOnce(api.ctx));
  await api.countAttempts();
  const { status, body } = await api.ask("GET", `/api/v1/topology${query}`);
  expect(status).toBe(200);
  return body;
};
const nodeOf = ({ nodes }: TopologyDto, id: string) => nodes.find((node) => node.id === id);
const edgeOf = ({ edges }: TopologyDto, from: string, to: string) =>
  edges.find((edge) => edge.from === from && edge.to === to);

describe("The graph of a window", () => {
  test("has the channel of the routing rules between a producer and a consumer", async () => {
    await api.ask("PUT", "/api/v1/channels/acme.orders", { kind: "topic", rules: [{ type: "order.*" }] });
    api.handlers.register("acme.mail", { transaction: "none", handle: async () => {} });
    await api.subscribe("acme.mail", { channel: "acme.orders" });
    const event = { type: "order.placed", source: "/acme/shop", correlationId: "o-1" };
    await api.append([
      { ...event, id: "1" },
      { ...event, id: "2" },
      { type: "note.taken", source: "/lone", id: "3" },
    ]);
    await until(async () => nodeOf(await read(), "service:acme.mail")?.received?.count === 2);
    const graph = await read();
    expect(nodeOf(graph, "service:/acme/shop")).toMatchObject({
      kind: "producer",
      label: "shop",
      group: "acme",
      state: "active",
      published: 2,
      received: null,
    });
    expect(nodeOf(graph, "channel:acme.orders")).toMatchObject({
      isDeclared: true,
      published: 2,
      group: "acme",
    });
    expect(nodeOf(graph, "service:acme.mail")).toMatchObject({ kind: "consumer", label: "mail", backlog: 0 });
    expect(edgeOf(graph, "service:/acme/shop", "channel:acme.orders")).toMatchObject({
      kind: "publishes",
      count: 2,
      types: [{ type: "order.placed", count: 2 }],
    });
    const taken = edgeOf(graph, "channel:acme.orders", "service:acme.mail");
    expect(taken).toMatchObject({ kind: "subscribes", count: 2, failed: 0, failureRate: 0 });
    expect(taken?.p95Ms).toBeGreaterThan(0);
    expect(edgeOf(graph, "service:/lone", "type:note.taken")).toMatchObject({ count: 1 });
    expect(nodeOf(graph, "type:note.taken")).toMatchObject({ isDeclared: false, group: null });
    expect(graph.asOf).not.toBeNull();
  });

  test("shows a consumer that has just come, one that is paused with what waits for it, and one that was removed", async () => {
    api.handlers.register("acme.points", { transaction: "none", handle: async () => {} });
    await api.subscribe("acme.points", { channel: "acme.orders", startFrom: "now" });
    expect(nodeOf(await read(), "service:acme.points")).toMatchObject({
      state: "silent",
      received: { count: 0 },
    });
    expect(edgeOf(await read(), "channel:acme.orders", "service:acme.points")).toMatchObject({ count: 0 });

    await api.ask("POST", "/api/v1/subscriptions/acme.mail/pause");
    await reload();
    expect(nodeOf(await read(), "service:acme.mail")).toMatchObject({ state: "paused" });
    await api.append([{ type: "order.placed", source: "/acme/shop", id: "4" }]);
    await until(async () => nodeOf(await read(), "service:acme.mail")?.backlog === 1);

    await api.ask("DELETE", "/api/v1/subscriptions/acme.mail");
    expect(nodeOf(await read(), "service:acme.mail")).toMatchObject({ state: "removed", backlog: null });
  });

  test("tells a consumer that fails", async () => {
    api.handlers.register("acme.broken", {
      transaction: "none",
      handle: async () => {
        throw new Error("No.");
      },
    });
    await api.subscribe("acme.broken", { channel: "acme.orders" });
    await until(async () => (nodeOf(await read(), "service:acme.broken")?.received?.dead ?? 0) > 0);
    expect(nodeOf(await read(), "service:acme.broken")).toMatchObject({
      state: "failing",
      received: { failureRate: 1 },
    });
  });

  test("has the read models that show what was emitted", async () => {
    const order = { aggregateType: "order", aggregateId: "o-9", aggregateVersion: 1 };
    await api.append([
      { type: "order.paid", source: "/stores/orders", id: "s-1", ...order },
      { type: "order.shipped", source: "/stores/other", id: "s-2" },
    ]);
    const graph = await read();
    expect(nodeOf(graph, "store:order-summaries")).toMatchObject({ kind: "store", received: null });
    expect(graph.edges.filter(({ to }) => to === "store:order-summaries")).toEqual([
      expect.objectContaining({ kind: "subscribes", types: [{ type: "order.paid", count: 1 }] }),
    ]);
  });

  test("is empty where nothing was recorded, and refuses what is no window with what to do", async () => {
    const past = await read("?from=2020-01-01T00:10:00Z&to=2020-01-01T00:20:00Z");
    expect(past.window).toEqual({ from: "2020-01-01T00:00:00.000Z", to: "2020-01-01T01:00:00.000Z" });
    expect(past.edges.filter(({ count }) => count > 0)).toEqual([]);
    const refused = async (query: string) => (await api.ask("GET", `/api/v1/topology?${query}`)).body.detail;
    expect(await refused("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")).toContain("before `to`");
    expect(await refused("from=yesterday")).toContain("Write it as in");
    expect(await refused("from=2020-01-01T00:00:00Z&to=2020-05-01T00:00:00Z")).toContain("31 days");
    expect(await refused("from=2999-01-01T00:00:00Z&to=2999-01-01T01:00:00Z")).toContain("has passed");
  });
});
