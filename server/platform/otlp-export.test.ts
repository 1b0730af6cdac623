import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEnv } from "./env.ts";
import { openOtlpExport } from "./otlp-export.ts";
import { readTraceContext, type SpanRecord } from "./spans.ts";
import { openTraceCollector } from "./testing/trace-collector.ts";

let collector: Awaited<ReturnType<typeof openTraceCollector>>;
beforeEach(async () => {
  collector = await openTraceCollector();
});
afterEach(() => collector.close());

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const span: SpanRecord = {
  name: "deliver billing",
  kind: "consumer",
  startMs: 1_700_000_000_000,
  endMs: 1_700_000_000_250,
  parent: `00-${TRACE}-${SPAN}-01`,
  links: ["no context", `00-${TRACE}-${SPAN}-01`],
  attributes: { "nagare.attempt": 2 },
  error: "It refused.",
};

async function send(settings: Record<string, string>, spans: readonly SpanRecord[]): Promise<void> {
  const { otlp } = readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, ...settings });
  if (otlp === null) throw new Error("Traces go nowhere.");
  const sink = openOtlpExport(otlp, "here:3000");
  for (const one of spans) sink.record(one);
  await sink.close();
}

describe("What is sent to a collector", () => {
  test("is the work with its times, its parent, its links and why it failed", async () => {
    await send({ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_SERVICE_NAME: "shop" }, [span]);
    expect(collector.spans).toMatchObject([
      {
        traceId: TRACE,
        parentSpanId: SPAN,
        name: "deliver billing",
        kind: 5,
        startTimeUnixNano: "1700000000000000000",
        endTimeUnixNano: "1700000000250000000",
        links: [{ traceId: TRACE, spanId: SPAN }],
        attributes: [{ key: "nagare.attempt" }],
        status: { code: 2, message: "It refused." },
      },
    ]);
    expect(collector.resources[0]).toEqual(
      expect.arrayContaining([
        { key: "service.name", value: { stringValue: "shop" } },
        { key: "service.instance.id", value: { stringValue: "here:3000" } },
      ]),
    );
    expect(collector.requests[0]?.path).toBe("/v1/traces");
  });

  test("goes as protobuf where nothing else is asked for, with the headers of the settings", async () => {
    await send({ OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20secret, x-tenant=one" }, [span]);
    expect(collector.requests).toMatchObject([
      {
        path: "/v1/traces",
        headers: {
          "content-type": "application/x-protobuf",
          authorization: "Bearer secret",
          "x-tenant": "one",
        },
      },
    ]);
  });

  test("leaves out traces that were not sampled where they began, and those that are not chosen here", async () => {
    const json = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
    await send(json, [{ ...span, parent: `00-${TRACE}-${SPAN}-00` }]);
    await send({ ...json, OTEL_TRACES_SAMPLER_ARG: "0" }, [{ ...span, parent: null }]);
    expect(collector.spans).toEqual([]);
    await send({ ...json, OTEL_TRACES_SAMPLER_ARG: "0" }, [span, { ...span, parent: "no context" }]);
    expect(collector.spans).toHaveLength(1);
  });
});

describe("Settings of traces", () => {
  test("name a whole address, or none", () => {
    expect(readEnv({}).otlp).toBeNull();
    expect(readEnv({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/v1" }).otlp?.url).toBe(
      "https://traces.example/v1",
    );
    expect(() => readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" })).toThrow("http://");
    expect(() => readEnv({ OTEL_TRACES_SAMPLER_ARG: "2" })).toThrow("from 0 to 1");
  });
});

test.each([
  ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", 1],
  ["01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-later", 1],
  ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", 0],
  ["00-00000000000000000000000000000000-00f067aa0ba902b7-01", undefined],
  ["00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", undefined],
  ["ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", undefined],
  ["anything", undefined],
])("the trace context %s is sampled: %s", (text, flags) => {
  expect(readTraceContext(text)?.traceFlags).toBe(flags);
});
