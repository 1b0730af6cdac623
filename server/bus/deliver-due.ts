import { extendClaims } from "#drizzle/queries/delivery-settling.ts";
import { claimDue, claimFirstWaiting, type DueRow, nextDueMs } from "#drizzle/queries/due-deliveries.ts";
import type { BusContext } from "./bus-context.ts";
import { ClaimSize } from "./claim-size.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import { deliverClaimed, type SettleAlone, settleClaimed, settleGone } from "./deliver-claimed.ts";
import { gather } from "./gather.ts";
import type { Limiter } from "./limiter.ts";
import { payloadBytes, readDue } from "./read-due.ts";
import type { Settlement } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

const SETTLED_AT_ONCE = 1_000;
const READ_AT_ONCE = 500;
/** Before what is due, but was not to be had, is asked for again: another worker has it, or it waits behind others. */
const ASK_AGAIN_MS = 25;

type DueOptions = { limiter: Limiter; signal: AbortSignal };

/**
 * Delivers what is due again in one consumer: retries, replays, what waited for its turn in a key, and what a worker
 * left behind when its lease ran out.
 *
 * Each delivery is on its own: a slow one holds no other up. In a key, the worker that settles one goes on with the
 * next. No more is claimed than can begin soon, by the rate at which deliveries end, or twice the consumer's
 * concurrency: a worker that is lost counts as an attempt of all that it had claimed.
 */
export class DueDeliveries {
  readonly #bus: BusContext;
  readonly #subscription: Subscription;
  readonly #limiter: Limiter;
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<string>();
  readonly #claimSize: ClaimSize;
  readonly #settleAlone: SettleAlone;
  readonly #readNext: (row: DueRow) => Promise<OwedEvent | null>;
  #renewing: NodeJS.Timeout | undefined;
  #lastKey: string | null = null;
  #failure: { error: unknown } | null = null;
  #waiting: { forAtMost: number; resolve: () => void } | null = null;

  constructor(bus: BusContext, subscription: Subscription, { limiter, signal }: DueOptions) {
    this.#bus = bus;
    this.#subscription = subscription;
    this.#limiter = limiter;
    this.#signal = signal;
    this.#claimSize = new ClaimSize(2 * subscription.concurrency, () => bus.clock.elapsedMs());
    this.#settleAlone = gather(
      (settlements: Settlement[]) =>
        settleClaimed(bus, subscription, { settlements, goesOn: !signal.aborted }),
      SETTLED_AT_ONCE,
    );
    this.#readNext = gather((rows: DueRow[]) => readDue(bus, subscription, rows), READ_AT_ONCE);
  }

  /**
   * Claims what is due, as far as there is room, and begins to deliver it. Throws what kept an earlier one from being
   * written down; its lease will run out.
   *
   * @returns milliseconds until it is worth to look again; 0 for at once.
   */
  async deliver(): Promise<number> {
    await this.#hasAtMost(Math.floor(this.#claimSize.size / 2));
    if (this.#failure !== null) {
      const { error } = this.#failure;
      this.#failure = null;
      throw error;
    }
    const room = this.#claimSize.size - this.#underWay.size;
    const due = await this.#claim(room);
    if (due.length >= room) this.#claimSize.claimedAll();
    else this.#claimSize.claimedRest();
    await this.#beginAll(due);
    if (due.length > 0) return 0;
    if (this.#lastKey !== null) return 0;
    const nextMs = await nextDueMs(this.#bus.sql, this.#subscription.id);
    return Math.max(ASK_AGAIN_MS, nextMs ?? Number.POSITIVE_INFINITY);
  }

  /** Resolves when everything that was begun has ended. */
  async drain(): Promise<void> {
    await this.#hasAtMost(0);
  }

  async #claim(room: number): Promise<DueRow[]> {
    const { worker, leaseMs, sql } = this.#bus;
    const claim = { subscriptionId: this.#subscription.id, worker, leaseMs };
    const due = await claimDue(sql, { ...claim, limit: room });
    const limit = room - due.length;
    if (limit <= 0 || this.#subscription.ordering === "none") return due;
    const { claimed, lastKey } = await claimFirstWaiting(sql, { ...claim, limit, afterKey: this.#lastKey });
    this.#lastKey = lastKey;
    return [...due, ...claimed];
  }

  /** Reads and begins claimed ones, part by part, so that the first need not wait for the last. */
  async #beginAll(due: DueRow[]): Promise<void> {
    for (const { position } of due) this.#hold(position);
    for (let first = 0; first < due.length; first += READ_AT_ONCE) {
      const rows = due.slice(first, first + READ_AT_ONCE);
      try {
        const owed = await readDue(this.#bus, this.#subscription, rows);
        this.#claimSize.read(rows.length, payloadBytes(owed));
        for (const [index, row] of rows.entries()) void this.#deliver(row, owed[index] ?? null);
      } catch (error) {
        for (const { position } of due.slice(first)) this.#release(position);
        throw error;
      }
    }
  }

  /** Delivers a claimed one, and what follows it in its key. */
  async #deliver(row: DueRow, owed: OwedEvent | null): Promise<void> {
    let next: DueRow | null = null;
    try {
      if (owed === null) await settleGone(this.#bus, this.#subscription, row);
      else next = await this.#deliverClaimed(row, owed);
      if (next !== null) {
        this.#hold(next.position);
        void this.#deliverNext(next);
      }
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#claimSize.ended();
    this.#release(row.position);
  }

  async #deliverNext(row: DueRow): Promise<void> {
    try {
      await this.#deliver(row, await this.#readNext(row));
    } catch (error) {
      this.#failure ??= { error };
      this.#release(row.position);
    }
  }

  async #deliverClaimed(row: DueRow, owed: OwedEvent): Promise<DueRow | null> {
    await this.#limiter.enter();
    // Given back when the attempt has ended, not when it is written down: that takes no turn of the consumer's.
    let isEntered = true;
    const leave = () => {
      if (isEntered) this.#limiter.leave();
      isEntered = false;
    };
    try {
      const goesOn = !this.#signal.aborted;
      return await deliverClaimed(this.#bus, this.#subscription, { row, owed, goesOn }, (settlement) => {
        leave();
        return this.#settleAlone(settlement);
      });
    } finally {
      leave();
    }
  }

  #hold(position: string): void {
    this.#underWay.add(position);
    this.#renewing ??= setInterval(() => this.#renew(), this.#bus.leaseMs / 3);
  }

  #release(position: string): void {
    this.#underWay.delete(position);
    const { size } = this.#underWay;
    if (this.#waiting !== null && size <= this.#waiting.forAtMost) {
      this.#waiting.resolve();
      this.#waiting = null;
    }
    if (size > 0) return;
    clearInterval(this.#renewing);
    this.#renewing = undefined;
  }

  /** Resolves when no more than so many are under way. */
  async #hasAtMost(count: number): Promise<void> {
    while (this.#underWay.size > count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = { forAtMost: count, resolve };
      await promise;
    }
  }

  #renew(): void {
    const { sql, worker, leaseMs } = this.#bus;
    const positions = [...this.#underWay];
    const claims = { subscriptionId: this.#subscription.id, worker, leaseMs, positions };
    void extendClaims(sql, claims).catch(() => {});
  }
}
