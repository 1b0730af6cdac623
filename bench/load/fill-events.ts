import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { copyEventsTo } from "#drizzle/queries/event-writing.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { wantedNames } from "#server/names/wanted-names.ts";
import { serveJobs } from "../harness/load-process.ts";

/**
 * Stores the events from `first` on, `count` of them, out of `total` whose transactions are spread over the five days before
 * `endUs`.
 */
export type FillJob = { login: ConnectOptions; first: number; count: number; total: number; endUs: number };

const DAYS = 5;
const DAY_US = 86_400_000_000;
const TRANSACTION = 5_000;
export const FLOW_EVENTS = 8;

/** One in so many is of a type and from a source that few others share. */
const RARE_ONE_IN = 500_000;

/** The n-th stored event: 40 types and 500 sources, of which few are frequent; 100,000 subjects; flows of eight. */
export function storedEvent(n: number): EventEnvelope {
  const flow = Math.floor(n / FLOW_EVENTS);
  const step = n % FLOW_EVENTS;
  const skewed = (range: number, salt: number) => Math.floor(range * (((n * salt) % 9973) / 9973) ** 3);
  const isRare = n % RARE_ONE_IN === RARE_ONE_IN / 5;
  return {
    id: `stored-${n}`,
    source: isRare ? "/services/rare" : `/services/${skewed(500, 7919)}`,
    type: isRare ? "shop.rare" : `shop.event.${skewed(40, 6271)}`,
    subject: `customer-${(flow * 7) % 100_000}`,
    time: null,
    dataContentType: "application/json",
    dataSchema: null,
    kind: n % 10 === 0 ? "command" : "domain",
    correlationId: `flow-${flow}`,
    causationId: step === 0 ? null : `stored-${n - 1}`,
    partitionKey: null,
    aggregateType: null,
    aggregateId: null,
    aggregateVersion: null,
    traceparent: null,
    channel: null,
    extensions: null,
    data: {
      encoding: "json",
      text: `{"number":${n},"amount":${(n % 9973) / 100},"note":"${"abcdefgh".repeat(12)}"}`,
    },
    shape: "internal",
  };
}

serveJobs<FillJob, { stored: number }>(async ({ login, first, count, total, endUs }) => {
  const { sql, close } = connect(login, { max: 2 });
  const names = new NameCache(sql);
  const stepUs = Math.floor((DAYS * DAY_US) / total);
  for (let day = 0; day <= DAYS; day += 1) {
    await sql`select ensure_event_partition(now() - ${day} * interval '1 day')`;
  }
  for (let start = first; start < first + count; start += TRANSACTION) {
    const size = Math.min(TRANSACTION, first + count - start);
    const events = Array.from({ length: size }, (_, at) => {
      const event = storedEvent(start + at);
      return { event, identity: eventIdentity(event.source, event.id) };
    });
    const ids = await names.ensure(wantedNames(events.map(({ event }) => event)));
    // One after the other, as an append has them, up to when the last of them came.
    const nextUs = endUs - (total - start - size) * stepUs;
    await copyEventsTo(sql, events, (index) => nextUs - size + index, ids);
  }
  await close();
  return { stored: count };
});
