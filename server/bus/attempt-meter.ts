import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { ByLabel, CountMeter, TimeMeter } from "#server/platform/meters.ts";
import type { SpanRecord, SpanSink } from "#server/platform/spans.ts";
import { endedAttempt } from "./processing-tally.ts";
import type { Settlement } from "./settlement.ts";

/** What became of the attempts of one consumer that this process made. */
export class ConsumerMeter {
  readonly succeeded = new CountMeter();
  readonly failed = new CountMeter();
  /** Failed attempts that are followed by another one. */
  readonly retried = new CountMeter();
  /** Deliveries that were skipped, since they were handled before. */
  readonly duplicates = new CountMeter();
  readonly dead = new CountMeter();
  readonly processing = new TimeMeter();
  /** From the event's own time until it was handled. */
  readonly critical = new TimeMeter();

  note(settlement: Settlement): void {
    if (settlement.result.kind === "duplicate") {
      this.duplicates.add();
      return;
    }
    const { status, durationUs, criticalUs } = endedAttempt(settlement);
    this.processing.add(durationUs / 1e6);
    if (criticalUs !== null) {
      this.succeeded.add();
      this.critical.add(criticalUs / 1e6);
      return;
    }
    this.failed.add();
    if (status === STATUS.retrying) this.retried.add();
    if (status === STATUS.dead) this.dead.add();
  }
}

/** Attempts that this process made since it started, by consumer; told of what was committed. */
export class AttemptMeter {
  readonly consumers = new ByLabel(() => new ConsumerMeter());
  spans: SpanSink | null = null;

  note(consumer: string, settlements: readonly Settlement[]): void {
    if (settlements.length === 0) return;
    const meter = this.consumers.of(consumer);
    for (const settlement of settlements) {
      meter.note(settlement);
      this.spans?.record(spanOf(consumer, settlement));
    }
  }
}

function spanOf(consumer: string, { owed, attempt, result }: Settlement): SpanRecord {
  const { event, position } = owed;
  return {
    name: `deliver ${consumer}`,
    kind: "consumer",
    startMs: result.startedAtUs / 1000,
    endMs: (result.startedAtUs + result.durationUs) / 1000,
    parent: event.traceparent,
    attributes: {
      "messaging.operation.type": "process",
      "messaging.consumer.group.name": consumer,
      "cloudevents.event_id": event.id,
      "cloudevents.event_source": event.source,
      "cloudevents.event_type": event.type,
      "nagare.position": position,
      "nagare.attempt": attempt,
      "nagare.outcome": result.kind,
    },
    error: result.kind === "failed" ? result.error.message : null,
  };
}
