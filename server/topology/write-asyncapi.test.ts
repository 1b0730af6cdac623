import { Parser } from "@asyncapi/parser";
import { describe, expect, test } from "vitest";
import type { TopologyDto } from "#server/contract/topology.ts";
import { makeEdge, makeGraph, makeNode } from "./testing/graphs.ts";
import { writeAsyncApi } from "./write-asyncapi.ts";

const version = (name: string, schema: object) => ({
  version: name,
  schema: JSON.stringify(schema),
  upcasters: [],
});

async function parse(graph: TopologyDto, schemas: Parameters<typeof writeAsyncApi>[1] = []) {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(writeAsyncApi(graph, schemas)));
  const errors = diagnostics
    .filter(({ severity }) => severity === 0)
    .map(({ message, path }) => ({ message, path }));
  return { document, errors };
}

const types = (...names: string[]) => names.map((type) => ({ type, count: 1 }));

// The parser compiles its rules anew for each document.
describe("An AsyncAPI document", { timeout: 120_000 }, () => {
  test("has the channels, who sends and receives there, and the messages", async () => {
    const graph = makeGraph({
      nodes: [
        makeNode("service:shop", { group: "acme" }),
        makeNode("service:mail"),
        makeNode("channel:orders", { group: "acme" }),
        makeNode("type:acme/order.shipped"),
      ],
      edges: [
        makeEdge("1", {
          from: "service:shop",
          to: "channel:orders",
          types: types("order.placed", "order.paid"),
        }),
        makeEdge("2", {
          kind: "subscribes",
          from: "channel:orders",
          to: "service:mail",
          types: types("order.placed"),
        }),
        makeEdge("3", { from: "service:shop", to: "type:acme/order.shipped", types: types("order.shipped") }),
        makeEdge("4", {
          kind: "commands",
          from: "service:shop",
          to: "service:mail",
          types: types("order.placed"),
        }),
      ],
    });
    const { document, errors } = await parse(graph);
    expect(errors).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
    expect(
      document
        ?.channels()
        .all()
        .map((channel) => channel.address()),
    ).toEqual(["orders", "acme/order.shipped"]);
    const operations = document?.operations().all() ?? [];
    expect(operations.map((operation) => [operation.action(), operation.json().title])).toEqual([
      ["send", "shop sends to orders"],
      ["receive", "mail receives from orders"],
      ["send", "shop sends to acme/order.shipped"],
    ]);
    const sent = operations[0]?.messages().all() ?? [];
    expect(sent.map((message) => message.name())).toEqual(["order.placed", "order.paid"]);
  });

  test("has the registered payloads, with references that still lead somewhere", async () => {
    const graph = makeGraph({
      nodes: [makeNode("service:shop"), makeNode("channel:orders")],
      edges: [
        makeEdge("1", { from: "service:shop", to: "channel:orders", types: types("order.placed", "note") }),
      ],
    });
    const schemas = [
      {
        type: "order.placed",
        versions: [
          version("1", { type: "object", properties: { id: { type: "string" } } }),
          version("2", {
            $schema: "https://json-schema.org/draft/2020-12/schema",
            $id: "https://acme.example/order",
            $defs: {
              money: { $anchor: "money", type: "object", properties: { cents: { type: "integer" } } },
            },
            type: "object",
            properties: {
              total: { $ref: "#/$defs/money" },
              tax: { $ref: "#money" },
              parts: { type: "array", items: { $ref: "#" } },
              $ref: { const: { $ref: "just data" }, type: "object" },
              pair: { type: "array", prefixItems: [{ type: "string" }, true], items: false },
            },
            unevaluatedProperties: false,
          }),
        ],
      },
      { type: "never.seen", versions: [version("1", {})] },
    ];
    const { document, errors } = await parse(graph, schemas);
    expect(errors).toEqual([]);
    const [placed, note] = document?.components().messages().all() ?? [];
    expect(placed?.payload()?.oneOf()).toHaveLength(2);
    const total = placed?.payload()?.oneOf()?.[1]?.properties()?.total;
    expect(Object.keys(total?.properties() ?? {})).toEqual(["cents"]);
    expect(note?.hasPayload()).toBe(false);
    expect(document?.components().schemas().all()).toHaveLength(2);
  });

  test("is valid whatever things are called", async () => {
    const odd = ["a b/c~d", "日本", "ü{x}", "a_b/c~d", "#/", "x".repeat(300), "$ref", "constructor"];
    const graph = makeGraph({
      nodes: [makeNode("service:s"), ...odd.map((name) => makeNode(`channel:${name}`))],
      edges: odd.flatMap((name, index) => [
        makeEdge(`${index} in`, { from: "service:s", to: `channel:${name}`, types: types(...odd) }),
        makeEdge(`${index} out`, { kind: "subscribes", from: `channel:${name}`, to: "service:s", types: [] }),
      ]),
    });
    const { document, errors } = await parse(graph);
    expect(errors).toEqual([]);
    expect(document?.channels().all()).toHaveLength(odd.length);
    expect(document?.components().messages().all()).toHaveLength(odd.length);
  });

  test("is valid where nothing was observed", async () => {
    expect((await parse(makeGraph())).errors).toEqual([]);
  });
});
