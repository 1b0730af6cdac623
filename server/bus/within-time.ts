import type { SqlTx } from "#drizzle/db.ts";

/** A handler had longer than its consumer allows. */
export class OutOfTime extends Error {}

/** How long after its time a handler may take to notice, before its transaction is ended for it. */
const GRACE_MS = 1_000;

/** The time of one piece of work. */
export type TimeLimit = {
  /** Aborted when the time is up. Made when it is asked for: most handlers never look, and it costs more than all else. */
  signal: () => AbortSignal;
  /** From here on, the work may take as long as it does. Throws when the time was up already. */
  stop: () => void;
  /**
   * The transaction of the work. It holds a session and its locks, so it is ended for work that goes on long after its
   * time. Throws when the time was up before it began.
   */
  uses: (tx: SqlTx) => void;
};

/** Runs `work` and gives up on it after `timeoutMs`, whether or not it heeds the signal; unless it stops the clock. */
export function withinTime<Result>(
  timeoutMs: number,
  work: (limit: TimeLimit) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const aborter = lazily(() => new AbortController());
    let transaction: SqlTx | null = null;
    let isOver = false;
    let timer = setTimeout(() => {
      isOver = true;
      aborter().abort(new OutOfTime());
      reject(new OutOfTime());
      timer = setTimeout(() => transaction && endSession(transaction), GRACE_MS);
    }, timeoutMs);
    const limit: TimeLimit = {
      signal: () => aborter().signal,
      stop: () => {
        if (isOver) throw new OutOfTime();
        clearTimeout(timer);
      },
      uses: (tx) => {
        if (isOver) throw new OutOfTime();
        transaction = tx;
      },
    };
    work(limit)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** The session ends itself, so the transaction with it; the pool opens another. */
function endSession(tx: SqlTx): void {
  tx`select pg_terminate_backend(pg_backend_pid())`.catch(() => {});
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
