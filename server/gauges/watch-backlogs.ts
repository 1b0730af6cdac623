import type { SqlTx } from "#drizzle/db.ts";
import { type ChannelRow, listChannels } from "#drizzle/queries/channels.ts";
import { listHeaderRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listOpenDeliveries, listWrittenWithin } from "#drizzle/queries/gauges.ts";
import { listLeases, type OpenLeaseRow } from "#drizzle/queries/subscription-status.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { channelRuleSchema } from "#server/contract/bus.ts";
import { compileRouting } from "#server/domain/channel-routing.ts";
import type { Context } from "#server/platform/context.ts";
import type { ChannelsOf } from "../bus/channels.ts";
import { isOwed, type Subscription, toSubscription } from "../bus/subscription.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";

export type ConsumerBacklog = {
  consumer: string;
  channel: string | null;
  /** Consumers of one queue share the events that nobody has taken yet. */
  cursorId: number;
  count: number;
  /** Those of them that nobody has taken yet. */
  beyond: number;
  /** False: there are more. */
  isExact: boolean;
  /** Position of the oldest event that waits; null where none does. */
  oldest: number | null;
};

/** Deliveries of one consumer that are written down as open are counted up to here. */
const MAX_OPEN = 10_000;
/** Events of the log that one look reads, all consumers together, and those that are read at once. */
const LOOK = 4_000;
const AT_ONCE = 1_000;
/** Positions that are kept of one consumer, and of all together. */
const KEPT_OF_ONE = 50_000;
const KEPT = 500_000;

/** What is known of the events that are owed to one consumer and stand behind its cursor. */
type Lane = {
  subscription: Subscription;
  generation: number;
  /** Everything up to here was looked at. */
  seenTo: number;
  /** Positions of what is owed, ascending. */
  owed: number[];
};

/**
 * Counts what waits for each consumer. What was seen of the log is remembered, so that each event is looked at once
 * however long it waits, and a look has a bounded share of the log to read: until it has caught up, a count is a least.
 */
export class BacklogWatch {
  readonly #ctx: Pick<Context, "sql" | "names">;
  readonly #lanes = new Map<number, Lane>();
  #routing = "";
  #channelsOf: ChannelsOf = () => [];

  constructor(ctx: Pick<Context, "sql" | "names">) {
    this.#ctx = ctx;
  }

  /** Consumers that this server delivers to, by name; those that deliver on their own have no backlog here. */
  async read(): Promise<ConsumerBacklog[]> {
    const { sql } = this.#ctx;
    const safe = Number(await getSafePosition(sql));
    return sql.begin("isolation level repeatable read read only", async (tx) => {
      this.#route(await listChannels(tx));
      const rows = (await listSubscriptions(tx)).filter(isDeliveredHere);
      const ids = rows.map(({ id }) => id);
      const leases = await listLeases(tx, ids);
      const written = leases.length === 0 ? [] : await listWrittenWithin(tx, leases, MAX_OPEN);
      const open = new Map((await listOpenDeliveries(tx, ids, MAX_OPEN)).map((row) => [row.id, row]));
      this.#follow(rows, leases);
      await this.#look(tx, safe);
      const writtenOf = Map.groupBy(written, ({ subscription_id }) => subscription_id);
      return rows.flatMap((row): ConsumerBacklog[] => {
        const lane = this.#lanes.get(row.id);
        if (lane === undefined) return [];
        const ended = new Set((writtenOf.get(row.id) ?? []).map(({ position }) => Number(position)));
        const waiting = ended.size === 0 ? lane.owed : lane.owed.filter((position) => !ended.has(position));
        const { open: known = 0, oldest = null } = open.get(row.id) ?? {};
        const first = Math.min(waiting[0] ?? Infinity, oldest === null ? Infinity : Number(oldest));
        return [
          {
            consumer: row.consumer,
            channel: row.channel,
            cursorId: row.cursor_id,
            count: known + waiting.length,
            beyond: waiting.length - firstAfter(waiting, Number(row.position)),
            isExact: known < MAX_OPEN && lane.seenTo >= safe,
            oldest: first === Infinity ? null : first,
          },
        ];
      });
    });
  }

  #route(channels: readonly ChannelRow[]): void {
    const routing = JSON.stringify(channels.map(({ name, rules }) => [name, rules]));
    if (routing === this.#routing) return;
    const routeOf = compileRouting(
      channels.map(({ name, rules }) => ({ name, rules: channelRuleSchema.array().parse(rules) })),
    );
    this.#routing = routing;
    this.#channelsOf = (event) => routeOf(event).channels;
    this.#lanes.clear();
  }

  /** Moves the lanes to where their consumers are: what they have done with is forgotten. */
  #follow(rows: readonly SubscriptionRow[], leases: readonly OpenLeaseRow[]): void {
    const known = new Set(rows.map(({ id }) => id));
    for (const id of this.#lanes.keys()) if (!known.has(id)) this.#lanes.delete(id);
    const under = Map.groupBy(leases, ({ subscription_id }) => subscription_id);
    for (const row of rows) {
      const begun = (under.get(row.id) ?? []).map(({ after_position }) => Number(after_position));
      const done = Math.min(Number(row.position), ...begun);
      const lane = this.#lanes.get(row.id);
      const isSame =
        lane?.generation === row.generation &&
        lane.subscription.version === row.updated_at &&
        done <= lane.seenTo;
      if (!isSame) {
        const subscription = toSubscription(row);
        this.#lanes.set(row.id, { subscription, generation: row.generation, seenTo: done, owed: [] });
        continue;
      }
      lane.owed = lane.owed.slice(firstAfter(lane.owed, done));
    }
  }

  /**
   * Reads on, for lanes that have caught up almost and for those that are furthest behind by turns. Lanes that stand at
   * the same place read together.
   */
  async #look(tx: SqlTx, safe: number): Promise<void> {
    let kept = [...this.#lanes.values()].reduce((sum, { owed }) => sum + owed.length, 0);
    let isNearest = true;
    for (let left = LOOK; left > 0 && kept < KEPT; isNearest = !isNearest) {
      const behind = [...this.#lanes.values()].filter(
        ({ seenTo, owed }) => seenTo < safe && owed.length < KEPT_OF_ONE,
      );
      if (behind.length === 0) return;
      const places = behind.map(({ seenTo }) => seenTo);
      const from = isNearest ? Math.max(...places) : Math.min(...places);
      const limit = Math.min(AT_ONCE, left);
      const rows = await listHeaderRowsAfter(tx, { after: String(from), upTo: String(safe), limit });
      const nameOf = await this.#ctx.names.resolve(rows.flatMap(envelopeNameIds), tx);
      const seenTo = rows.length < limit ? safe : Number(rows.at(-1)?.position ?? safe);
      const together = behind.filter((lane) => lane.seenTo === from);
      for (const row of rows) {
        const event = toEnvelope(row, nameOf);
        const position = Number(row.position);
        for (const { subscription, owed } of together) {
          if (!isOwed(subscription, event, this.#channelsOf)) continue;
          owed.push(position);
          kept += 1;
        }
      }
      for (const lane of together) lane.seenTo = seenTo;
      left -= Math.max(1, rows.length);
    }
  }
}

function isDeliveredHere({ target }: SubscriptionRow): boolean {
  return !(typeof target === "object" && target !== null && "kind" in target && target.kind === "external");
}

/** The index of the first position after one. */
function firstAfter(positions: readonly number[], after: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? Infinity) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
