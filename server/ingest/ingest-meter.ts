import type { EventEnvelope } from "#server/domain/event.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import { ByLabel, CountMeter, TimeMeter } from "#server/platform/meters.ts";
import type { SpanSink } from "#server/platform/spans.ts";

/** Why an event was not taken. */
export const REJECTIONS = [
  "full-buffer",
  "too-large",
  "invalid",
  "schema-violation",
  "conflict",
  "version-conflict",
  "unavailable",
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** Events of a post whose traces its span is linked to. */
const MAX_LINKS = 32;

type Traced = { event: Pick<EventEnvelope, "traceparent"> };

/** What this process took in and refused, since it started. */
export class IngestMeter {
  /** Events stored, by type. */
  readonly stored = new ByLabel(() => new CountMeter());
  /** Events that were stored before: acknowledged, and nothing else. */
  readonly duplicates = new CountMeter();
  /** A request that could not be read counts as one. */
  readonly rejected: Readonly<Record<Rejection, CountMeter>> = {
    "full-buffer": new CountMeter(),
    "too-large": new CountMeter(),
    invalid: new CountMeter(),
    "schema-violation": new CountMeter(),
    conflict: new CountMeter(),
    "version-conflict": new CountMeter(),
    unavailable: new CountMeter(),
  };
  spans: SpanSink | null = null;
  /** From when the events of a post were complete until they were committed. */
  readonly writes = new TimeMeter();
  /** The same by logarithmic bins of microseconds. */
  readonly writeBins = new Map<number, number>();

  /** Events that were answered as taken: stored now or before. */
  get acknowledged(): number {
    return this.stored.entries().reduce((sum, [, { total }]) => sum + total, this.duplicates.total);
  }

  reject(reason: Rejection, events = 1): void {
    this.rejected[reason].add(events);
  }

  /** Notes that events were written just now. */
  noteWrite(ms: number, events: readonly Traced[]): void {
    this.#trace(ms, events);
    this.writes.add(ms / 1000);
    const bin = binOf(ms * 1000);
    this.writeBins.set(bin, (this.writeBins.get(bin) ?? 0) + 1);
  }

  #trace(ms: number, events: readonly Traced[]): void {
    if (this.spans === null) return;
    const endMs = Date.now();
    const parents = new Set(events.slice(0, MAX_LINKS).flatMap(({ event }) => event.traceparent ?? []));
    this.spans.record({
      name: "ingest.write",
      kind: "internal",
      startMs: endMs - ms,
      endMs,
      links: [...parents],
      attributes: { "nagare.events": events.length },
    });
  }
}
