import type { Correlation } from "#server/domain/sagas/correlate.ts";
import type { TouchedFlow } from "./collect-flows.ts";
import { MAX_FLOW_EVENTS } from "./load-flows.ts";

/** From so many events on it matters how often a flow is read. */
const LEAST_EVENTS = 20;
const MAX_KEPT = 20_000;

/**
 * Large flows that were read and are no sagas, such as the readings of one device: they are read again when they have
 * twice as many events, or when something else than an event comes. Kept in memory alone.
 */
export class DullFlows {
  #flows = new Map<string, { events: number; fresh: number }>();

  /** Those of some flows that are worth being read. */
  admit(touched: readonly TouchedFlow[]): TouchedFlow[] {
    return touched.filter(({ flow, events }) => {
      const known = this.#flows.get(keyOf(flow));
      if (known === undefined || events === 0) return true;
      known.fresh += events;
      return known.events < MAX_FLOW_EVENTS && known.fresh >= known.events;
    });
  }

  note(flow: Correlation, { events, isListed }: { events: number; isListed: boolean }): void {
    const key = keyOf(flow);
    if (isListed || events < LEAST_EVENTS) {
      this.#flows.delete(key);
      return;
    }
    if (this.#flows.size >= MAX_KEPT) this.#flows = new Map();
    this.#flows.set(key, { events, fresh: 0 });
  }
}

function keyOf({ by, value }: Correlation): string {
  return `${by} ${value}`;
}
