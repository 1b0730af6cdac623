import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { ProcessingTally } from "#server/bus/processing-tally.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { gaugePoint, type MetricPoint } from "#server/domain/metrics/points.ts";

const TYPES = 100;
const SOURCES = 50;
const SOURCES_OF_TYPE = 3;
const TYPES_OF_CONSUMER = 2;
/** Of the first consumer, which does badly, and of the others. */
const FAILING_SHARE = 0.4;
const FAILED_SHARE = 0.01;

export const sourceName = (source: number) => `/shop/service-${source}`;
export const consumerName = (consumer: number) => `consumer-${consumer}`;
export const typeNames = Array.from({ length: TYPES }, (_, type) => `shop.event.${type}`);
export const sourceCount = SOURCES;

/** The types that a consumer takes. */
function typesOf(consumer: number): number[] {
  return Array.from(
    { length: TYPES_OF_CONSUMER },
    (_, place) => (consumer * (1 + 6 * place) + place) % TYPES,
  );
}

/** The type of the n-th event; the first ones are frequent. */
function typeOf(n: number): number {
  return Math.floor(TYPES * (((n * 7919) % 9973) / 9973) ** 2);
}

/** The n-th event of a day: of a hundred types, each of three of fifty sources. */
export function eventOfDay(n: number, id: string): EventEnvelope {
  const type = typeOf(n);
  return {
    id,
    source: sourceName((type * 7 + (n % SOURCES_OF_TYPE)) % SOURCES),
    type: typeNames[type] ?? "",
    subject: `customer-${(n * 7) % 100_000}`,
    time: null,
    dataContentType: "application/json",
    dataSchema: null,
    kind: "domain",
    correlationId: null,
    causationId: null,
    partitionKey: null,
    aggregateType: null,
    aggregateId: null,
    aggregateVersion: null,
    traceparent: null,
    channel: null,
    extensions: null,
    data: { encoding: "json", text: `{"number":${n},"note":"${"abcdefgh".repeat(8)}"}` },
    shape: "internal",
  };
}

export type Happened = { n: number; us: number };

/** What each consumer did with events, right after they happened: its place, and what it writes down. */
export function handleEvents(
  events: readonly Happened[],
  {
    consumers,
    typeIds,
    random,
    endedUs,
  }: {
    consumers: number;
    typeIds: readonly number[];
    random: () => number;
    /** When an event is handled. */
    endedUs: (us: number) => number;
  },
): ProcessingTally[] {
  const tallies = Array.from({ length: consumers }, () => new ProcessingTally());
  const takers = typeIds.map((_, type) =>
    tallies.flatMap((tally, consumer) => (typesOf(consumer).includes(type) ? [{ tally, consumer }] : [])),
  );
  for (const { n, us } of events) {
    const type = typeOf(n);
    const typeId = typeIds[type] ?? 0;
    for (const { tally, consumer } of takers[type] ?? []) {
      const durationUs = Math.round((2_000 + 500 * (consumer % 20)) * Math.exp(3 * (random() - 0.5)));
      const isFailed = random() < (consumer === 0 ? FAILING_SHARE : FAILED_SHARE);
      tally.addEnded({
        typeId,
        status: isFailed ? STATUS.retrying : STATUS.succeeded,
        endedUs: endedUs(us),
        durationUs,
        criticalUs: isFailed ? null : durationUs + 20_000,
      });
    }
  }
  return tallies;
}

/** What waits for each consumer at a moment. */
export function backlogPoints(atMs: number, consumers: number): MetricPoint[] {
  return Array.from({ length: consumers }, (_, consumer) => {
    const labels = { consumer: consumerName(consumer) };
    const waiting = (Math.floor(atMs / 1000) * 31 + consumer * 17) % 9;
    return [
      gaugePoint("backlog", labels, { atMs, value: waiting }),
      gaugePoint("oldest_waiting", labels, { atMs, value: waiting / 20 }),
    ];
  }).flat();
}
