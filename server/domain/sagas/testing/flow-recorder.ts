import type { DeliveryStatus } from "../../delivery.ts";
import type { EventKind } from "../../event.ts";
import { identifyServices, type Services } from "../../topology/services.ts";
import type { AttemptOutcome, RecordedAttempt, RecordedDelivery, RecordedEvent } from "../trace.ts";
import type { Recorded } from "../trace-messages.ts";

/** When every recorded flow begins: microseconds since 1970. */
export const BEGIN_US = Date.UTC(2026, 0, 1) * 1000;

export type Emitted = {
  type: string;
  cause?: RecordedEvent | null;
  /** Instead of the id of the cause. */
  causationId?: string | null;
  id?: string;
  kind?: EventKind;
  subject?: string | null;
  channel?: string | null;
  /** Milliseconds that the producer's clock is ahead. */
  aheadMs?: number;
};

/** Writes a flow down as the server would: a service is the source `/name` and the consumer `name`. */
export class FlowRecorder {
  nowUs = BEGIN_US;
  readonly events: RecordedEvent[] = [];
  readonly deliveries: RecordedDelivery[] = [];
  readonly attempts: RecordedAttempt[] = [];

  get recorded(): Recorded {
    return { events: this.events, deliveries: this.deliveries, attempts: this.attempts };
  }

  get services(): Services {
    const names = this.events.map(({ source }) => source.slice(1));
    return identifyServices([...new Set(names)].map((name) => ({ source: `/${name}`, consumer: name })));
  }

  wait(ms: number): this {
    this.nowUs += ms * 1000;
    return this;
  }

  emit(service: string, { type, cause = null, kind, subject = "order-1", aheadMs = 0, ...more }: Emitted) {
    this.nowUs += 1;
    const event: RecordedEvent = {
      position: String(this.nowUs),
      id: more.id ?? `e${this.events.length + 1}`,
      source: `/${service}`,
      type,
      kind: kind ?? null,
      subject,
      channel: more.channel ?? null,
      correlationId: "flow-1",
      causationId: more.causationId === undefined ? (cause?.id ?? null) : more.causationId,
      traceparent: null,
      timeUs: this.nowUs + aheadMs * 1000,
    };
    this.events.push(event);
    return event;
  }

  /** An attempt that takes some time and ends as it is said; the delivery stands where that leaves it. */
  attempt(
    event: RecordedEvent,
    consumer: string,
    {
      outcome = "succeeded",
      status,
      ms = 20,
    }: { outcome?: AttemptOutcome; status?: DeliveryStatus; ms?: number } = {},
  ): this {
    const delivery = this.delivery(event, consumer);
    const [startedUs, durationUs] = [this.nowUs, outcome === "running" ? null : ms * 1000];
    const succeeded = outcome === "succeeded" ? "succeeded" : "retrying";
    Object.assign(delivery, {
      status: status ?? (outcome === "running" ? "processing" : succeeded),
      attempts: delivery.attempts + 1,
      startedUs,
      durationUs,
    });
    const { position, generation, attempts: attempt } = delivery;
    const error = outcome === "failed" ? { name: "Error", message: "The shelf is empty." } : null;
    this.attempts.push({ position, consumer, generation, attempt, startedUs, durationUs, outcome, error });
    return outcome === "running" ? this : this.wait(ms);
  }

  /** Owes the event to the consumer, or gives the delivery a status by hand. */
  owe(event: RecordedEvent, consumer: string, status: DeliveryStatus = "pending"): this {
    this.delivery(event, consumer).status = status;
    return this;
  }

  replay(event: RecordedEvent, consumer: string): this {
    const delivery = this.delivery(event, consumer);
    const generation = delivery.generation + 1;
    Object.assign(delivery, {
      status: "pending",
      generation,
      attempts: 0,
      startedUs: null,
      durationUs: null,
    });
    return this;
  }

  private delivery({ position }: RecordedEvent, consumer: string): RecordedDelivery {
    const known = this.deliveries.find((one) => one.position === position && one.consumer === consumer);
    if (known !== undefined) return known;
    const delivery: RecordedDelivery = {
      position,
      consumer,
      status: "pending",
      generation: 0,
      attempts: 0,
      startedUs: null,
      durationUs: null,
      nextAttemptUs: null,
    };
    this.deliveries.push(delivery);
    return delivery;
  }
}
