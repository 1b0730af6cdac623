import type { HandedItem } from "#drizzle/queries/due-deliveries.ts";
import { deleteStretch, writeSlowHanded } from "#drizzle/queries/replay-handing.ts";
import type { BusContext } from "./bus-context.ts";

/** What was handed over and takes longer is written as claimed, for everybody to see. */
const SHOWN_AFTER_MS = 1_000;

type Handed = { item: HandedItem; sinceMs: number; isOpen: boolean };

/** What was handed over to this worker for one consumer, and is under way. */
export class HandedDeliveries {
  readonly #bus: BusContext;
  readonly #subscriptionId: number;
  readonly #byPosition = new Map<string, Handed>();
  /** How much of a stretch is under way; and whether something of it failed to be written down. */
  readonly #stretches = new Map<string, { left: number; isBroken: boolean }>();
  #showing: NodeJS.Timeout | undefined;

  constructor(bus: BusContext, subscriptionId: number) {
    this.#bus = bus;
    this.#subscriptionId = subscriptionId;
  }

  hold(position: string, item: HandedItem): void {
    this.#byPosition.set(position, { item, sinceMs: this.#bus.clock.elapsedMs(), isOpen: true });
    const stretch = this.#stretches.get(item.stretch);
    if (stretch) stretch.left += 1;
    else this.#stretches.set(item.stretch, { left: 1, isBroken: false });
    this.#showing ??= setInterval(() => this.#showSlow(), SHOWN_AFTER_MS);
  }

  /** Its attempt has ended; that has to be written down. */
  endAttempt(position: string): void {
    const handed = this.#byPosition.get(position);
    if (handed) handed.isOpen = false;
  }

  release(position: string, isWritten: boolean): void {
    const handed = this.#byPosition.get(position);
    if (handed === undefined) return;
    this.#byPosition.delete(position);
    this.#releaseFrom(handed.item, isWritten);
    if (this.#byPosition.size > 0) return;
    clearInterval(this.#showing);
    this.#showing = undefined;
  }

  #releaseFrom({ replayId, stretch: id }: HandedItem, isWritten: boolean): void {
    const stretch = this.#stretches.get(id);
    if (stretch === undefined) return;
    stretch.left -= 1;
    if (!isWritten) stretch.isBroken = true;
    if (stretch.left > 0) return;
    this.#stretches.delete(id);
    // A broken one, and one that could not be deleted, is taken away when its lease has run out.
    const { sql, worker } = this.#bus;
    if (!stretch.isBroken) void deleteStretch(sql, worker, { replayId, stretch: id }).catch(() => {});
  }

  /** What waits for being written only has its lease renewed by that. */
  #showSlow(): void {
    const { sql, worker, clock, leaseMs } = this.#bus;
    const nowMs = clock.elapsedMs();
    const slow = [...this.#byPosition].flatMap(([position, { item, sinceMs, isOpen }]) => {
      const isSlow = item.delivery === "dead" && nowMs - sinceMs >= (isOpen ? SHOWN_AFTER_MS : leaseMs / 3);
      return isSlow ? [{ item, position }] : [];
    });
    const items = slow.map(({ item, position }) => ({ ...item, position }));
    void writeSlowHanded(sql, { subscriptionId: this.#subscriptionId, worker, items }).then(
      (claimed) => {
        for (const { item, position } of slow) if (claimed.has(position)) item.delivery = "claimed";
      },
      () => {},
    );
  }
}
