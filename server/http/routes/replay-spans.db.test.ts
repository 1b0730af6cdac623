import { expect, test } from "vitest";
import { readEnv } from "#server/platform/env.ts";
import { openOtlpExport } from "#server/platform/otlp-export.ts";
import { openTraceCollector } from "#server/platform/testing/trace-collector.ts";
import { openReplays } from "../testing/open-replays.ts";

test("the steps of a replay reach a collector: together they started and ended each of its items once", async () => {
  const collector = await openTraceCollector();
  const { otlp } = readEnv({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  });
  if (otlp === null) throw new Error("Traces go nowhere.");
  const replays = await openReplays();
  let isMended = false;
  await replays.consume("traced", () => {
    if (!isMended) throw new Error("Not yet.");
  });
  await replays.send("traced", 3);
  await replays.parks("traced", 3);
  const sink = openOtlpExport(otlp, "here");
  replays.ctx.meters.sendSpans(sink);
  isMended = true;
  const { id } = await replays.replay("traced");
  await replays.ends(id);
  await replays.close();
  await sink.close();
  collector.close();
  const steps = collector.spans.filter(({ name }) => name === "replay.step");
  const of = (key: string) =>
    steps.map(({ attributes }) => Number(attributes.find((one) => one.key === key)?.value.intValue));
  expect(new Set(of("nagare.replay"))).toEqual(new Set([id]));
  for (const key of ["nagare.started", "nagare.ended"]) {
    expect(of(key).reduce((sum, items) => sum + items, 0)).toBe(3);
  }
  for (const { kind, parentSpanId, startTimeUnixNano, endTimeUnixNano } of steps) {
    expect([kind, parentSpanId ?? ""]).toEqual([1, ""]);
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
  }
});
