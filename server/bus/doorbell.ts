import { listHeaderRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { BusContext } from "./bus-context.ts";
import { isSubscribed } from "./subscription.ts";
import type { SubscriptionRunner } from "./subscription-runner.ts";

/** New events that are looked at one by one. Where more came at once, everybody looks for themselves. */
const MAX_LOOKED_AT = 200;
/** So few runners may as well look for themselves. */
const FEW_RUNNERS = 3;

/**
 * Tells runners of new events: only those that some are for, so that an event costs nothing to the consumers that do not
 * take it. Whoever was not told looks by itself every second, and moves its cursor behind what others take.
 */
export class Doorbell {
  readonly #bus: BusContext;
  readonly #runners: () => SubscriptionRunner[];
  #position = "0";
  #isLooking = false;
  #isStale = false;

  constructor(bus: BusContext, runners: () => SubscriptionRunner[]) {
    this.#bus = bus;
    this.#runners = runners;
  }

  /** Says that there may be new events. However often, one look follows the one that is under way. */
  ring(): void {
    this.#isStale = true;
    if (!this.#isLooking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#isStale) {
      this.#isStale = false;
      const runners = this.#runners();
      const wanted = await this.#choose(runners).catch(() => runners);
      for (const runner of wanted) runner.nudge();
    }
    this.#isLooking = false;
  }

  async #choose(runners: SubscriptionRunner[]): Promise<SubscriptionRunner[]> {
    if (runners.length <= FEW_RUNNERS) return runners;
    const { sql, names, channelsOf, peersOf } = this.#bus;
    const upTo = await getSafePosition(sql);
    const rows = await listHeaderRowsAfter(sql, { after: this.#position, upTo, limit: MAX_LOOKED_AT + 1 });
    this.#position = upTo;
    if (rows.length > MAX_LOOKED_AT) return runners;
    const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
    const events = rows.map((row) => {
      const event = toEnvelope(row, nameOf);
      return { event, channels: channelsOf(event) };
    });
    return runners.filter(({ subscription }) => {
      // What only other consumers of the same queue take is handed to them by whichever reads it first.
      const takers = [subscription, ...peersOf(subscription)];
      return events.some(({ event, channels }) =>
        takers.some((taker) => isSubscribed(taker, channels) && taker.matchesFilters(event)),
      );
    });
  }
}
