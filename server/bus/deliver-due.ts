import { extendClaims } from "#drizzle/queries/delivery-settling.ts";
import { claimDue, claimFirstWaiting, type DueRow, nextDueMs } from "#drizzle/queries/due-deliveries.ts";
import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import { deliverClaimed, type SettleAlone, settleClaimed, settleGone } from "./deliver-claimed.ts";
import { gather } from "./gather.ts";
import type { Limiter } from "./limiter.ts";
import type { Settlement } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

const AT_ONCE = 200;
/** Before what is due, but was not to be had, is asked for again: another worker has it, or it waits behind others. */
const ASK_AGAIN_MS = 25;

type DueOptions = { limiter: Limiter; signal: AbortSignal };

/**
 * Delivers what is due again in one consumer: retries, what waited for its turn in a key, and what a worker left behind
 * when its lease ran out.
 *
 * Each delivery is on its own: a slow one holds no other up. In a key, the worker that settles one goes on with the
 * next. No more is claimed than can begin soon, twice the consumer's concurrency: a worker that is lost counts as an
 * attempt of all that it had claimed.
 */
export class DueDeliveries {
  readonly #bus: BusContext;
  readonly #subscription: Subscription;
  readonly #limiter: Limiter;
  readonly #signal: AbortSignal;
  /** By position. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #settleAlone: SettleAlone;
  readonly #readOwed: (row: DueRow) => Promise<OwedEvent | null>;
  #renewing: NodeJS.Timeout | undefined;
  #lastKey: string | null = null;
  #failure: { error: unknown } | null = null;

  constructor(bus: BusContext, subscription: Subscription, { limiter, signal }: DueOptions) {
    this.#bus = bus;
    this.#subscription = subscription;
    this.#limiter = limiter;
    this.#signal = signal;
    this.#settleAlone = gather(
      (settlements: Settlement[]) =>
        settleClaimed(bus, subscription, { settlements, goesOn: !signal.aborted }),
      AT_ONCE,
    );
    this.#readOwed = gather((rows: DueRow[]) => readOwed(bus, rows), AT_ONCE);
  }

  /**
   * Claims what is due, as far as there is room, and begins to deliver it. Throws what kept an earlier one from being
   * written down; its lease will run out.
   *
   * @returns milliseconds until it is worth to look again; 0 for at once.
   */
  async deliver(): Promise<number> {
    const { concurrency } = this.#subscription;
    while (this.#underWay.size > concurrency) await Promise.race(this.#underWay.values());
    if (this.#failure !== null) {
      const { error } = this.#failure;
      this.#failure = null;
      throw error;
    }
    const due = await this.#claim(2 * concurrency - this.#underWay.size);
    for (const row of due) this.#begin(row);
    if (due.length > 0) return 0;
    if (this.#lastKey !== null) return 0;
    const nextMs = await nextDueMs(this.#bus.sql, this.#subscription.id);
    return Math.max(ASK_AGAIN_MS, nextMs ?? Number.POSITIVE_INFINITY);
  }

  /** Resolves when everything that was begun has ended. */
  async drain(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.race(this.#underWay.values());
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

  /** Delivers a claimed one, and what follows it in its key. */
  #begin(row: DueRow): void {
    this.#renewing ??= setInterval(() => this.#renew(), this.#bus.leaseMs / 3);
    const done = this.#deliver(row)
      .then((next) => {
        if (next !== null) this.#begin(next);
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#underWay.delete(row.position);
        if (this.#underWay.size > 0) return;
        clearInterval(this.#renewing);
        this.#renewing = undefined;
      });
    this.#underWay.set(row.position, done);
  }

  async #deliver(row: DueRow): Promise<DueRow | null> {
    const owed = await this.#readOwed(row);
    if (owed === null) {
      await settleGone(this.#bus, this.#subscription, row);
      return null;
    }
    return this.#limiter.run(() =>
      deliverClaimed(
        this.#bus,
        this.#subscription,
        { row, owed, goesOn: !this.#signal.aborted },
        this.#settleAlone,
      ),
    );
  }

  #renew(): void {
    const { sql, worker, leaseMs } = this.#bus;
    const positions = [...this.#underWay.keys()];
    const claims = { subscriptionId: this.#subscription.id, worker, leaseMs, positions };
    void extendClaims(sql, claims).catch(() => {});
  }
}

/** The events of claimed deliveries; null for one that retention dropped in the meantime. */
async function readOwed({ sql, names }: BusContext, due: DueRow[]): Promise<(OwedEvent | null)[]> {
  const rows = await listEnvelopeRows(
    sql,
    due.map((row) => row.position),
  );
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds));
  const found = new Map(rows.map((row) => [row.position, row]));
  return due.map(({ position, ordering_key: key }) => {
    const row = found.get(position);
    if (row === undefined) return null;
    const eventUs = row.event_micros === null ? null : Number(row.event_micros);
    return { position, typeId: row.type_id, event: toEnvelope(row, nameOf), eventUs, key };
  });
}
