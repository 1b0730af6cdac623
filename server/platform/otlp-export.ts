import {
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Context as TraceContext,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { OtlpSettings } from "./env.ts";
import { readTraceContext, type SpanRecord, type SpanSink } from "./spans.ts";

const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

/**
 * Sends spans to a collector, many at a time, and drops them where it does not keep up. Load this file only where one is
 * configured: the libraries beneath are large.
 */
export function openOtlpExport(
  { url, protocol, headers, serviceName, ratio }: OtlpSettings,
  instance: string,
): SpanSink & { close: () => Promise<void> } {
  const Exporter = protocol === "http/json" ? JsonExporter : ProtobufExporter;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.instance.id": instance }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new Exporter({ url, headers: { ...headers } }) })],
  });
  const tracer = provider.getTracer("nagare");

  function record({ name, kind, startMs, endMs, parent, links, attributes, error }: SpanRecord): void {
    const span = tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        startTime: startMs,
        attributes: { ...attributes },
        links: (links ?? []).flatMap(linkTo),
      },
      contextOf(parent ?? null),
    );
    if (error != null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(endMs);
  }
  return { record, close: () => provider.shutdown() };
}

function contextOf(parent: string | null): TraceContext {
  const context = parent === null ? null : readTraceContext(parent);
  return context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...context, isRemote: true });
}

function linkTo(text: string): Link[] {
  const context = readTraceContext(text);
  return context === null ? [] : [{ context }];
}
