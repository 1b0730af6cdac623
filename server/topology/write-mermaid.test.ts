import { expect, test } from "vitest";
import { makeEdge, makeGraph, makeNode } from "./testing/graphs.ts";
import { writeMermaid } from "./write-mermaid.ts";

test("A flowchart has the nodes in their groups, and says what goes along the arrows", () => {
  const text = writeMermaid(
    makeGraph({
      nodes: [
        makeNode("service:shop", { group: "acme" }),
        makeNode("channel:orders", { group: "acme" }),
        makeNode('service:"quoted"]', { kind: "mediator" }),
      ],
      edges: [
        makeEdge("1", {
          from: "service:shop",
          to: "channel:orders",
          types: [{ type: "order.placed", count: 100 }],
        }),
        makeEdge("2", { kind: "commands", from: 'service:"quoted"]', to: "service:shop" }),
        makeEdge("3", { from: "service:unknown", to: "channel:orders" }),
      ],
    }),
  );
  expect(text).toBe(`%% What was observed from 2026-05-04T12:00:00.000Z to 2026-05-04T13:00:00.000Z
flowchart LR
  subgraph g0["acme"]
    n0["shop"]
    n1[("orders")]
  end
  n2{{"#34;quoted#34;#93;"}}
  n0 -->|"order.placed<br/>100×"| n1
  n2 ==>|"100×"| n0
`);
});
