import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { traceComparisonSchema } from "#server/contract/sagas.ts";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import { linkServices } from "#server/sagas/testing/link-services.ts";
import { FlowStore } from "#server/sagas/testing/store-flow.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let system: TestApi;
beforeAll(async () => {
  system = await openTestApi();
  await linkServices(system.ctx, ["shop", "payment", "inventory", "orders", "mail"]);
});
afterAll(() => system.close());

const ask = (query: Record<string, string>, path: string) =>
  system.ask("GET", `/api/v1/traces${path}?${new URLSearchParams({ by: "correlation-id", ...query })}`);

describe("The sequence diagram of a flow", () => {
  test("is a file of Mermaid text", async () => {
    const { recorded } = runSystem(ordersSaga).recorder;
    await new FlowStore(system.sql).store(recorded, { flow: "drawn/1" });
    const response = await system.fetchText("/api/v1/traces/sequence", {
      by: "correlation-id",
      value: "drawn/1",
      format: "mermaid",
    });
    expect(response).toMatchObject({
      status: 200,
      type: "text/plain; charset=utf-8",
      disposition: 'attachment; filename="sequence-drawn-1.mmd"',
    });
    expect(response.text).toMatch(/^sequenceDiagram\n {2}participant p0 as shop\n/);
    expect(response.text).toContain("order.confirmed");
  });

  test("is refused in formats that there aren't, and of flows that there aren't", async () => {
    expect((await ask({ value: "drawn/1", format: "svg" }, "/sequence")).status).toBe(400);
    expect((await ask({ value: "not drawn", format: "mermaid" }, "/sequence")).status).toBe(404);
  });
});

describe("The comparison of two flows", () => {
  test("says where they part, and which fields of their payloads differ", async () => {
    const event = { source: "/shop", dataContentType: "application/json" };
    const json = (text: string) => ({ encoding: "json", text }) as const;
    const flow = (name: string, amount: string, answer: string) => [
      {
        ...event,
        id: `${name}-1`,
        type: "bill.sent",
        correlationId: name,
        data: json(`{"amount":${amount}}`),
      },
      {
        ...event,
        source: "/bank",
        id: `${name}-2`,
        type: answer,
        correlationId: name,
        causationId: `${name}-1`,
      },
    ];
    await system.append([
      ...flow("good", "9007199254740993", "bill.paid"),
      ...flow("bad", "9007199254740992", "bill.declined"),
    ]);
    const { status, body } = await ask(
      { value: "good", otherBy: "correlation-id", otherValue: "bad" },
      "/comparison",
    );
    expect(status).toBe(200);
    const { left, right, comparison } = traceComparisonSchema.parse(body);
    expect([left.reference.value, right.reference.value]).toEqual(["good", "bad"]);
    expect(comparison).toMatchObject({
      first: { key: expect.stringContaining("bill.sent"), leftState: "completed", rightState: "failed" },
      payloads: [
        {
          part: "asked",
          difference: {
            kind: "json",
            fields: [{ pointer: "/amount", left: "9007199254740993", right: "9007199254740992" }],
          },
        },
      ],
      compared: { payloads: 1, missing: 1 },
    });
  });

  test("needs two flows that there are", async () => {
    expect((await ask({ value: "good" }, "/comparison")).status).toBe(400);
    const missing = { value: "good", otherBy: "trace", otherValue: "good" };
    expect((await ask(missing, "/comparison")).status).toBe(404);
  });
});
