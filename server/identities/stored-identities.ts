import type { Sql } from "#drizzle/db.ts";
import { getSealedTo, getTurn, listBatchesAfter } from "#drizzle/queries/append-turns.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  ensureEventPartitions,
  type Knowledge,
  SEALED_SINCE,
  TURN_OVER,
} from "#drizzle/queries/event-writing.ts";
import { listIdentitiesAt } from "#drizzle/queries/identity-runs.ts";
import { NewestIdentities } from "#server/domain/newest-identities.ts";
import { AppendTurn } from "./append-turn.ts";
import { SealedRuns } from "./sealed-runs.ts";

/** Identities that a writer wants to store, and of each up to where the table has but others, as `listTakenSince` said. */
export type Wanted = { identities: readonly string[]; checkedTo: readonly number[] };

/** Identities that a writer is about to store. */
export type Claim = {
  /** What the append names. */
  known: Knowledge;
  /** Those that stand in sealed runs, with their positions. */
  taken: ReadonlyMap<string, string>;
  /** The indexes of those that nobody else has: to be stored at consecutive positions, in this order. */
  fresh: number[];
  /** The indexes of those that may be taken. What they may be must have ended before that can be told. */
  suspects: number[];
  /** They are stored, from this position on. */
  settle: (first: number) => void;
  /** They are not stored: they were not sent, or this came of it. Whether they are can't be told after some errors. */
  giveUp: (error?: unknown) => void;
};

type Attempt = { stretch: number; before: number; ended: PromiseWithResolvers<void> };

const NO_PARTITION = "23514";
/** States of errors after which an append can be tried again: nothing of it was stored. */
const NOTHING_STORED = new Set([TURN_OVER, SEALED_SINCE, NO_PARTITION, "40001", "40P01"]);

/** Times that a claim begins anew because another process has appended meanwhile. */
const MAX_TRIES = 100;

/**
 * Which identities are taken, as this process can tell: older ones stand in sealed runs, and of the newest ones it keeps a
 * table in memory. Whoever has the turn to append knows all of them, and claims those that it stores before it sends them.
 * Whoever only asks reads what was added since it last asked.
 */
export class StoredIdentities {
  readonly #sql: Sql;
  readonly #runs: SealedRuns;
  readonly #turn: AppendTurn;
  readonly #newest = new NewestIdentities();
  /** What was appended up to here is known. */
  #knownTo = 0;
  /** Batches after that which are in the table all the same, by their first positions. */
  #ahead = new Set<number>();
  /** The last position that this process has stored. */
  #storedTo = 0;
  /** Appends that are under way, and those of which it is not known how they ended, by their stretches. */
  readonly #underWay = new Map<number, Attempt>();
  readonly #inDoubt = new Set<Attempt>();
  #catchingUp: Promise<void> | null = null;

  /** @param patienceMs after which another process that keeps the turn, or an append of its, is ended. */
  constructor(sql: Sql, patienceMs = 10_000) {
    this.#sql = sql;
    this.#runs = new SealedRuns(sql);
    const catchUp = async () => {
      await this.refresh();
      // None of them is open any more.
      this.#inDoubt.clear();
    };
    this.#turn = new AppendTurn(sql, { catchUp, patienceMs });
  }

  /**
   * Claims identities for one append, in groups that end each by itself: whoever wants to store them from now on waits for
   * that. Each claim has to end with `settle` or `giveUp`.
   */
  async claim(groups: readonly Wanted[]): Promise<Claim[]> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const turn = await this.#turn.take();
      const knownTo = this.#runs.sealedTo;
      const taken = await this.#runs.listTaken(groups.flatMap(({ identities }) => identities));
      // Nothing may come between: this is one step with all that was known.
      if (this.#turn.current === turn) {
        return groups.map((group) => this.#claim(group, { turn, knownTo }, taken));
      }
    }
    throw new Error("Other processes took the turn to append again and again.");
  }

  /** Sees to what an append failed of, so that it can be tried again; throws what is not known to go away. */
  async recover(error: unknown): Promise<void> {
    const code = sqlState(error);
    if (!NOTHING_STORED.has(code)) throw error;
    if (code === SEALED_SINCE) await this.refresh();
    if (code === NO_PARTITION) await ensureEventPartitions(this.#sql);
  }

  #claim({ identities, checkedTo }: Wanted, known: Knowledge, taken: ReadonlyMap<string, string>): Claim {
    const stretch = this.#newest.begin(identities.length);
    const fresh: number[] = [];
    const suspects: number[] = [];
    for (const [index, identity] of identities.entries()) {
      if (taken.size > 0 && taken.has(identity)) continue;
      (this.#newest.add(identity, checkedTo[index] ?? 0) ? fresh : suspects).push(index);
    }
    const attempt = {
      stretch,
      before: Math.max(this.#storedTo, this.#knownTo),
      ended: Promise.withResolvers<void>(),
    };
    if (fresh.length > 0) this.#underWay.set(stretch, attempt);
    return {
      known,
      taken,
      fresh,
      suspects,
      settle: (first) => {
        if (fresh.length === 0) return;
        this.#newest.settle(stretch, first);
        this.#storedTo = Math.max(this.#storedTo, first + fresh.length - 1);
        this.#end(attempt);
      },
      giveUp: (error) => {
        if (fresh.length === 0) return;
        this.#newest.discard(stretch);
        const isKnown = error === undefined || NOTHING_STORED.has(sqlState(error));
        if (!isKnown) this.#inDoubt.add(attempt);
        if (!isKnown || sqlState(error) === TURN_OVER) this.#turn.lose(known.turn);
        this.#end(attempt);
      },
    };
  }

  #end(attempt: Attempt): void {
    this.#underWay.delete(attempt.stretch);
    attempt.ended.resolve();
    if (this.#underWay.size === 0) this.#turn.rest();
    // What is under way, or may be, stands behind what was stored when it began.
    const unknown = [...this.#underWay.values(), ...this.#inDoubt].map(({ before }) => before);
    this.#know(Math.min(this.#storedTo, ...unknown));
  }

  /** Which of these identities are taken by what stands in the table, and where; and up to where that holds. Waits for appends under way. */
  async listTakenSince(
    identities: readonly string[],
  ): Promise<{ taken: Map<string, string>; checkedTo: number }> {
    const checkedTo = this.#newest.next;
    for (const identity of identities) {
      for (const { stretch } of this.#newest.find(identity)) await this.#underWay.get(stretch)?.ended.promise;
    }
    return { taken: await this.#look(identities), checkedTo };
  }

  /** Which of these identities are taken, and at which positions, as of now. */
  async listTaken(identities: readonly string[]): Promise<Map<string, string>> {
    await this.refresh();
    const { taken } = await this.listTakenSince(identities);
    const sealed = await this.#runs.listTaken(identities.filter((identity) => !taken.has(identity)));
    for (const [identity, position] of sealed) taken.set(identity, position);
    return taken;
  }

  /** The newest position of each that is really stored. */
  async #look(identities: readonly string[]): Promise<Map<string, string>> {
    const candidates = identities.flatMap((identity) =>
      this.#newest
        .find(identity)
        .flatMap(({ position }) => (position === null ? [] : [{ identity, position }])),
    );
    const taken = new Map<string, string>();
    if (candidates.length === 0) return taken;
    const stored = await listIdentitiesAt(this.#sql, [
      ...new Set(candidates.map(({ position }) => String(position))),
    ]);
    for (const { identity, position } of candidates) {
      const isNewer = position > Number(taken.get(identity) ?? 0);
      if (isNewer && stored.get(String(position)) === identity) taken.set(identity, String(position));
    }
    return taken;
  }

  /** Learns what was appended and sealed up to the moment of the call. */
  async refresh(): Promise<void> {
    // What is under way may have begun before.
    while (this.#catchingUp !== null) await this.#catchingUp.catch(() => {});
    this.#catchingUp = this.#catchUp().finally(() => {
      this.#catchingUp = null;
    });
    await this.#catchingUp;
  }

  async #catchUp(): Promise<void> {
    // Whoever has the turn has appended everything since then.
    const hasTurn = this.#turn.current !== null && (await getTurn(this.#sql)) === this.#turn.current;
    if (!hasTurn) await this.#loadBatches();
    // After the batches: what had left them by then stands in a run.
    if ((await getSealedTo(this.#sql)) <= this.#runs.sealedTo) return;
    await this.#runs.refresh();
    this.#newest.forgetUpTo(this.#runs.sealedTo);
  }

  async #loadBatches(): Promise<void> {
    const safe = Number(await getSafePosition(this.#sql));
    for await (const batches of listBatchesAfter(this.#sql, this.#knownTo)) {
      for (const { first, prefixes } of batches) {
        if (this.#ahead.has(first)) continue;
        this.#newest.load(first, prefixes);
        this.#ahead.add(first);
      }
    }
    this.#know(safe);
  }

  #know(position: number): void {
    if (position <= this.#knownTo) return;
    this.#knownTo = position;
    for (const first of this.#ahead) if (first <= position) this.#ahead.delete(first);
  }
}

function sqlState(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
