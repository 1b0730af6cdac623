import { pause } from "#server/platform/clock.ts";
import { Bell } from "./bell.ts";
import type { BusContext } from "./bus-context.ts";
import { type ClaimedStretch, claimStretch } from "./claim-stretch.ts";
import { DueDeliveries, type Reservation } from "./deliver-due.ts";
import { deliverStretch } from "./deliver-stretch.ts";
import { Limiter } from "./limiter.ts";
import { recoverStretch } from "./recover-stretch.ts";
import type { Subscription } from "./subscription.ts";

/** Longest pause between two looks, for what no notice tells of: other processes, expired leases. */
const LOOK_MS = 1_000;
const RETRY_MS = 1_000;
const FIRST_STRETCH = 500;
const LONGEST_STRETCH = 5_000;
/** A stretch should take about this long: short enough to show progress, long enough to be worth its transaction. */
const STRETCH_TARGET_MS = 1_000;

/**
 * Delivers to one consumer until it is stopped: new events from the log in one loop, what is due again in another, so
 * that a long stretch does not hold retries up. Both share the consumer's concurrency, and nothing with other
 * consumers.
 */
export class SubscriptionRunner {
  readonly subscription: Subscription;
  readonly #bus: BusContext;
  readonly #limiter: Limiter;
  readonly #due: DueDeliveries;
  readonly #stop = new AbortController();
  /** Rings when there may be new events, and when something may be due. */
  readonly #newBell = new Bell();
  readonly #dueBell = new Bell();
  readonly #done: Promise<unknown>;
  #claiming: Promise<unknown> = Promise.resolve();
  #stretchSize = FIRST_STRETCH;

  constructor(bus: BusContext, subscription: Subscription) {
    this.#bus = bus;
    this.subscription = subscription;
    this.#limiter = new Limiter(subscription.concurrency);
    this.#due = new DueDeliveries(bus, subscription, { limiter: this.#limiter, signal: this.#stop.signal });
    // Without order, the next stretch is read while the last events of one are still at work.
    const readers = subscription.ordering === "none" ? 2 : 1;
    this.#done = Promise.all([
      ...Array.from({ length: readers }, () => this.#loop(this.#newBell, () => this.#deliverNew())),
      this.#loop(this.#dueBell, () => this.#deliverDue()),
    ]);
  }

  /** Says that there may be new events. */
  nudge(): void {
    this.#newBell.ring();
  }

  /** Says that something may be due. */
  nudgeDue(): void {
    this.#dueBell.ring();
  }

  /** Keeps room for deliveries that are claimed by other means; null where there is none. */
  reserve(): Reservation | null {
    return this.#due.reserve();
  }

  /** Takes nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#due.drain();
  }

  async #loop(bell: Bell, work: () => Promise<number>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const pauseMs = await work();
        if (pauseMs > 0) await bell.sleep(pauseMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        const { consumer } = this.subscription;
        this.#bus.log.warn({ consumer, err: error }, "delivery.interrupted");
        await pause(RETRY_MS, signal);
      }
    }
  }

  /** @returns milliseconds to pause; 0 to go on at once. */
  async #deliverNew(): Promise<number> {
    const claimed = await this.#claim();
    if (claimed.kind === "nothing") return LOOK_MS;
    const { isLast, isSomeHeld } = claimed;
    // What was written down to wait for its turn may have it by now.
    if (isSomeHeld) this.#dueBell.ring();
    if (claimed.kind === "passed") return isLast ? LOOK_MS : 0;
    const { stretch } = claimed;
    if (!isLast) this.#newBell.ring();
    const startedAt = this.#bus.clock.elapsedMs();
    const { signal } = this.#stop;
    await deliverStretch(this.#bus, this.subscription, stretch, {
      limiter: this.#limiter,
      signal,
      onWaiting: () => this.#dueBell.ring(),
    });
    const tookMs = Math.max(1, this.#bus.clock.elapsedMs() - startedAt);
    const fitting = Math.round((this.#stretchSize * STRETCH_TARGET_MS) / tookMs);
    const smallest = Math.min(this.subscription.concurrency, LONGEST_STRETCH);
    this.#stretchSize = Math.min(Math.max(fitting, smallest), this.#stretchSize * 2, LONGEST_STRETCH);
    return 0;
  }

  /** One at a time: the second of two would only find the cursor locked, and sleep. */
  #claim(): Promise<ClaimedStretch> {
    const claim = this.#claiming.then(() => claimStretch(this.#bus, this.subscription, this.#stretchSize));
    this.#claiming = claim.catch(() => {});
    return claim;
  }

  /** @returns milliseconds to pause; 0 to go on at once. */
  async #deliverDue(): Promise<number> {
    if (await recoverStretch(this.#bus, this.subscription)) return 0;
    return Math.min(LOOK_MS, await this.#due.deliver());
  }
}
