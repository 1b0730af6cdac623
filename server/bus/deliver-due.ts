import { extendClaims } from "#drizzle/queries/delivery-settling.ts";
import { claimDue, claimFirstWaiting, type DueRow, nextDueMs } from "#drizzle/queries/due-deliveries.ts";
import type { BusContext } from "./bus-context.ts";
import { ClaimSize } from "./claim-size.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import { type Delivered, deliverClaimed, settleClaimed, settleGone } from "./deliver-claimed.ts";
import { gather, inRounds } from "./gather.ts";
import { HandedDeliveries } from "./handed-deliveries.ts";
import type { Limiter } from "./limiter.ts";
import { payloadBytes, readDue } from "./read-due.ts";
import type { Settlement } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

const SETTLED_AT_ONCE = 1_000;
/** One is executed while another one is committed. */
const SETTLED_SIDE_BY_SIDE = 3;
/** Nobody waits for what a replay handed over: few of it take as long to be written as many. */
const HANDED_REST_MS = 50;
const READ_AT_ONCE = 500;
/** Deliveries that a worker holds at most, those among them whose attempts have ended and are being written down. */
const MOST_HELD = 10_000;
/** Before what is due, but was not to be had, is asked for again: another worker has it, or it waits behind others. */
const ASK_AGAIN_MS = 25;

/** Room that is kept for what somebody else claims for this process. */
export type Reservation = {
  subscriptionId: number;
  room: number;
  /** How many more should be due, since what is claimed now will have ended before more can be. */
  ahead: number;
  /** Deliveries that are handed over may be so ahead, too. */
  isAheadHanded: boolean;
  /** Much more can be claimed as soon as this has begun. */
  isGrowing: boolean;
  /** Begins to deliver what was claimed; to be called once, also when that is nothing. */
  take: (claimed: DueRow[]) => void;
};

type DueOptions = { limiter: Limiter; signal: AbortSignal };

/**
 * Delivers what is due again in one consumer: retries, replays, what waited for its turn in a key, and what a worker
 * left behind when its lease ran out.
 *
 * Each delivery is on its own: a slow one holds no other up. In a key, the worker that settles one goes on with the
 * next. No more is claimed than can begin soon, by how long those before waited for their turn, or twice the consumer's
 * concurrency: a worker that is lost counts as an attempt of all that it had claimed.
 */
export class DueDeliveries {
  readonly #bus: BusContext;
  readonly #subscription: Subscription;
  readonly #limiter: Limiter;
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<string>();
  /** Of these, those whose attempt has not ended. */
  #open = 0;
  readonly #claimSize: ClaimSize;
  readonly #settle: (settlement: Settlement) => void;
  readonly #settleHanded: (settlement: Settlement) => void;
  readonly #readNext: (row: DueRow) => Promise<OwedEvent | null>;
  #renewing: NodeJS.Timeout | undefined;
  readonly #handed: HandedDeliveries;
  #lastKey: string | null = null;
  #failure: { error: unknown } | null = null;
  #waiting: { isReached: () => boolean; resolve: () => void } | null = null;
  #reservations = 0;

  constructor(bus: BusContext, subscription: Subscription, { limiter, signal }: DueOptions) {
    this.#bus = bus;
    this.#subscription = subscription;
    this.#limiter = limiter;
    this.#signal = signal;
    this.#handed = new HandedDeliveries(bus, subscription.id);
    this.#claimSize = new ClaimSize(2 * subscription.concurrency);
    const settleAll = (settlements: Settlement[]) => this.#settleAll(settlements);
    this.#settle = inRounds(settleAll, { limit: SETTLED_AT_ONCE, rounds: SETTLED_SIDE_BY_SIDE });
    this.#settleHanded = inRounds(settleAll, {
      limit: SETTLED_AT_ONCE,
      rounds: SETTLED_SIDE_BY_SIDE,
      restMs: HANDED_REST_MS,
      isMoreToCome: () => this.#open > 0,
    });
    this.#readNext = gather((rows: DueRow[]) => readDue(bus, subscription, rows), READ_AT_ONCE);
  }

  /**
   * Claims what is due, as far as there is room, and begins to deliver it. Throws what kept an earlier one from being
   * written down; its lease will run out.
   *
   * @returns milliseconds until it is worth to look again; 0 for at once.
   */
  async deliver(): Promise<number> {
    await this.#reaches(() => this.#isRoomy());
    if (this.#failure !== null) {
      const { error } = this.#failure;
      this.#failure = null;
      throw error;
    }
    const room = this.#claimSize.size - this.#open;
    const due = await this.#claim(room);
    if (due.length >= room) this.#claimSize.claimedAll();
    await this.#beginAll(due);
    if (due.length > 0) return 0;
    if (this.#lastKey !== null) return 0;
    const nextMs = await nextDueMs(this.#bus.sql, this.#subscription.id);
    return Math.max(ASK_AGAIN_MS, nextMs ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Keeps as much room as there is for deliveries that are claimed by other means; null where the order of keys decides
   * what can be claimed, or nothing more is.
   */
  reserve(): Reservation | null {
    if (this.#signal.aborted || this.#subscription.ordering !== "none") return null;
    if (this.#open === 0) this.#claimSize.catchUp();
    const { size } = this.#claimSize;
    const free = this.#underWay.size < MOST_HELD ? size - this.#open : 0;
    const room = free >= size / 4 ? free : 0;
    const { isGrowing } = this.#claimSize;
    // Nothing else is due, or it would have been claimed.
    const { ahead, isAheadHanded } = this.#claimSize.aheadOf(this.#open);
    this.#reservations += 1;
    return {
      subscriptionId: this.#subscription.id,
      room,
      ahead,
      isAheadHanded,
      isGrowing,
      take: (claimed) => {
        this.#reservations -= 1;
        if (room > 0 && claimed.length >= room) this.#claimSize.claimedAll();
        this.#beginAll(claimed).catch((error: unknown) => {
          this.#failure ??= { error };
        });
        this.#look();
      },
    };
  }

  /** Resolves when everything that was begun, or is claimed for it, has ended. */
  async drain(): Promise<void> {
    await this.#reaches(() => this.#underWay.size === 0 && this.#reservations === 0);
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
    const before = this.#open;
    for (const row of due) this.#hold(row);
    const atMs = this.#bus.clock.elapsedMs();
    const read = (first: number) =>
      first < due.length
        ? readDue(this.#bus, this.#subscription, due.slice(first, first + READ_AT_ONCE))
        : Promise.resolve([]);
    let reading = read(0);
    for (let first = 0; first < due.length; first += READ_AT_ONCE) {
      const rows = due.slice(first, first + READ_AT_ONCE);
      try {
        const owed = await reading;
        // While these are delivered.
        reading = read(first + READ_AT_ONCE);
        reading.catch(() => {});
        this.#claimSize.read(rows.length, payloadBytes(owed));
        for (const [index, row] of rows.entries())
          this.#deliver(row, owed[index] ?? null, { atMs, place: before + first + index + 1 });
      } catch (error) {
        for (const { position } of due.slice(first)) {
          this.#endAttempt(position);
          this.#release(position, false);
        }
        throw error;
      }
    }
  }

  /** Delivers a claimed one, and what follows it in its key. */
  #deliver(row: DueRow, owed: OwedEvent | null, { atMs, place }: { atMs: number; place: number }): void {
    this.#limiter.whenFree(() => {
      this.#claimSize.begun(this.#bus.clock.elapsedMs() - atMs, place);
      void this.#deliverInTurn(row, owed);
    });
  }

  async #deliverInTurn(row: DueRow, owed: OwedEvent | null): Promise<void> {
    let delivered: Delivered | null = null;
    try {
      delivered = await this.#attempt(row, owed);
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      // Given back when the attempt has ended, not when it is written down: that takes no turn of the consumer's.
      this.#limiter.leave();
      this.#endAttempt(row.position);
    }
    if (delivered === null) this.#release(row.position, false);
    else if (delivered.isWritten) this.#goOn(row.position, delivered.next);
    else if (delivered.settlement.handed !== null) this.#settleHanded(delivered.settlement);
    else this.#settle(delivered.settlement);
  }

  #attempt(row: DueRow, owed: OwedEvent | null): Promise<Delivered> {
    if (owed === null) return settleGone(this.#bus, this.#subscription, row);
    return deliverClaimed(this.#bus, this.#subscription, { row, owed, goesOn: !this.#signal.aborted });
  }

  /** Writes down attempts that have ended, and goes on in their keys. */
  async #settleAll(settlements: Settlement[]): Promise<void> {
    try {
      const goesOn = !this.#signal.aborted;
      const following = await settleClaimed(this.#bus, this.#subscription, { settlements, goesOn });
      for (const [index, { owed }] of settlements.entries())
        this.#goOn(owed.position, following[index] ?? null);
    } catch (error) {
      this.#failure ??= { error };
      for (const { owed } of settlements) this.#release(owed.position, false);
    }
  }

  /** What became of a delivery is written, and the next of its key is claimed. */
  #goOn(position: string, next: DueRow | null): void {
    if (next !== null) {
      this.#hold(next);
      void this.#deliverNext(next);
    }
    this.#release(position, true);
  }

  async #deliverNext(row: DueRow): Promise<void> {
    try {
      const owed = await this.#readNext(row);
      this.#deliver(row, owed, { atMs: this.#bus.clock.elapsedMs(), place: this.#open });
    } catch (error) {
      this.#failure ??= { error };
      this.#endAttempt(row.position);
      this.#release(row.position, false);
    }
  }

  /** Whether it is worth to claim more. */
  #isRoomy(): boolean {
    return 2 * this.#open <= this.#claimSize.size && this.#underWay.size < MOST_HELD;
  }

  #hold({ position, handed: item = null }: DueRow): void {
    this.#underWay.add(position);
    this.#open += 1;
    if (item !== null) this.#handed.hold(position, item);
    this.#renewing ??= setInterval(() => this.#renew(), this.#bus.leaseMs / 3);
  }

  #endAttempt(position: string): void {
    this.#open -= 1;
    this.#handed.endAttempt(position);
    this.#look();
  }

  #release(position: string, isWritten: boolean): void {
    this.#underWay.delete(position);
    this.#handed.release(position, isWritten);
    this.#look();
    if (this.#underWay.size > 0) return;
    clearInterval(this.#renewing);
    this.#renewing = undefined;
  }

  #look(): void {
    if (this.#waiting === null || !this.#waiting.isReached()) return;
    this.#waiting.resolve();
    this.#waiting = null;
  }

  /** Resolves when it has come to that, by deliveries that end. One waits at a time. */
  async #reaches(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = { isReached, resolve };
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
