import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "#drizzle/db.ts";
import {
  countTurn,
  endAppends,
  endHolder,
  holdTurn,
  leaveTurn,
  listOpenAppends,
} from "#drizzle/queries/append-turns.ts";

/** Milliseconds for which another process can't take the turn from one that has something to append. */
const HOLD_MS = 100;
const LOOK_EVERY_MS = 2;

/**
 * The turn of this process to append. One process at a time has it, so that it knows everything that was appended and
 * decides by itself what is new. It keeps the turn until another process takes it, which the database tells it when it
 * appends the next time.
 */
export class AppendTurn {
  readonly #sql: Sql;
  readonly #catchUp: () => Promise<void>;
  readonly #patienceMs: number;
  #turn: number | null = null;
  #taking: Promise<number> | null = null;
  #letGo: (() => void) | null = null;

  /**
   * @param catchUp learns what was appended before the turn: nothing of it is under way any more.
   * @param patienceMs after which whoever keeps the turn, or an append whose turn is over, is ended: nobody else can
   * append before.
   */
  constructor(sql: Sql, { catchUp, patienceMs }: { catchUp: () => Promise<void>; patienceMs: number }) {
    this.#sql = sql;
    this.#catchUp = catchUp;
    this.#patienceMs = patienceMs;
  }

  /** The turn, when this process has one as far as it knows. */
  get current(): number | null {
    return this.#turn;
  }

  /** The turn of this process, taken from another if need be. */
  async take(): Promise<number> {
    if (this.#turn !== null) return this.#turn;
    this.#taking ??= this.#take().finally(() => {
      this.#taking = null;
    });
    return this.#taking;
  }

  /** That turn is over, or what became of its last append is not known: the next append needs another one. */
  lose(turn: number | null): void {
    if (turn === this.#turn) this.#turn = null;
  }

  /** Nothing is to be appended now: whoever waits may take the turn. */
  rest(): void {
    this.#letGo?.();
  }

  async #take(): Promise<number> {
    this.rest();
    const connection = await this.#sql.reserve();
    try {
      while (!(await holdTurn(connection, this.#patienceMs))) await endHolder(connection);
      const turn = await countTurn(connection);
      await awaitOpenAppends(connection, this.#patienceMs);
      await this.#catchUp();
      this.#turn = turn;
      this.#hold(connection);
      return turn;
    } catch (error) {
      await leave(connection);
      throw error;
    }
  }

  #hold(connection: Awaited<ReturnType<Sql["reserve"]>>): void {
    const letGo = () => {
      clearTimeout(timer);
      if (this.#letGo === letGo) this.#letGo = null;
      void leave(connection);
    };
    const timer = setTimeout(letGo, HOLD_MS);
    this.#letGo = letGo;
  }
}

/** A connection that is lost holds nothing any more. */
async function leave(connection: Awaited<ReturnType<Sql["reserve"]>>): Promise<void> {
  await leaveTurn(connection).catch(() => {});
  connection.release();
}

/** Waits until the appends have ended that are open now: those that begin later belong to the new turn. */
async function awaitOpenAppends(sql: Sql, patienceMs: number): Promise<void> {
  const startedAt = performance.now();
  let open = await listOpenAppends(sql);
  while (open.length > 0) {
    await sleep(LOOK_EVERY_MS);
    if (performance.now() - startedAt > patienceMs) await endAppends(sql, open);
    const still = new Set(await listOpenAppends(sql));
    open = open.filter((append) => still.has(append));
  }
}
