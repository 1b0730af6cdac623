import type { Clock } from "#server/platform/clock.ts";

type Reading<Value> = { atMs: number; value: Promise<Value> };

type ReadAheadOptions<Value> = {
  read: () => Promise<Value>;
  clock: Pick<Clock, "elapsedMs">;
  /** How long a reading is given to all who ask. */
  keptMs: number;
  /** How long after somebody asked it is read again, so that it is there when they ask the next time. */
  aheadMs: number;
};

/** Something that is asked for at regular times, by many: read once for all of them, and before they ask again. */
export class ReadAhead<Value> {
  readonly #options: ReadAheadOptions<Value>;
  #kept: Reading<Value> | null = null;
  #coming: Reading<Value> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ReadAheadOptions<Value>) {
    this.#options = options;
  }

  /** What was read last, when it is not too old. One that could not be read is read anew for the next who asks. */
  async get(): Promise<Value> {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#renew().catch(() => {});
    }, this.#options.aheadMs).unref();
    const { clock, keptMs } = this.#options;
    const isFresh = this.#kept !== null && clock.elapsedMs() - this.#kept.atMs < keptMs;
    return this.#kept !== null && isFresh ? this.#kept.value : this.#renew();
  }

  async #renew(): Promise<Value> {
    if (this.#coming !== null) return this.#coming.value;
    const { read, clock } = this.#options;
    const coming = { atMs: clock.elapsedMs(), value: read() };
    this.#coming = coming;
    try {
      await coming.value;
      this.#kept = coming;
    } finally {
      this.#coming = null;
    }
    return coming.value;
  }
}
