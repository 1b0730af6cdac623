import { createServer } from "node:http";
import { expect, test } from "vitest";
import { openTestBus, until } from "#server/bus/testing/open-bus.ts";
import { readEnv } from "#server/platform/env.ts";
import { openOtlpExport } from "#server/platform/otlp-export.ts";
import { openTraceCollector } from "#server/platform/testing/trace-collector.ts";
import { createApi } from "./api.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

test("a request, the write of its events and their deliveries reach a collector, with the traces they belong to", async () => {
  const collector = await openTraceCollector();
  const bus = await openTestBus();
  const { otlp } = readEnv({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  });
  if (otlp === null) throw new Error("Traces go nowhere.");
  const sink = openOtlpExport(otlp, "here");
  bus.ctx.meters.sendSpans(sink);
  const api = await createApi(bus.ctx, (listener) => createServer(listener));
  let handled = 0;
  bus.handlers.register("traced", {
    transaction: "none",
    handle: async (_event, { attempt }) => {
      if (attempt === 1) throw new Error("Not yet.");
      handled += 1;
    },
  });
  await bus.subscribe("traced");
  await bus.startBus();
  const address = await api.listen({ port: 0 });
  const event = { specversion: "1.0", id: "1", source: "/traced", type: "order.placed", traceparent: PARENT };
  const answer = await fetch(`${address}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json", traceparent: PARENT },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(202);
  await until(() => handled === 1 && bus.ctx.meters.attempts.consumers.of("traced").succeeded.total === 1);
  await fetch(`${address}/metrics`);
  await api.close();
  await sink.close();
  await bus.close();
  collector.close();
  const seen = collector.spans.map(({ name, traceId, kind, status }) => [
    name,
    traceId === TRACE,
    kind,
    status.code ?? 0,
  ]);
  expect(seen.toSorted()).toEqual([
    ["POST /api/v1/events", true, 2, 0],
    ["deliver traced", true, 5, 0],
    ["deliver traced", true, 5, 2],
    ["ingest.write", false, 1, 0],
  ]);
  const write = collector.spans.find(({ name }) => name === "ingest.write");
  expect(write?.links).toMatchObject([{ traceId: TRACE }]);
});
