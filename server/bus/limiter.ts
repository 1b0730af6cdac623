/** Lets at most `limit` pieces of work run at once; the others wait in order. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Waits for a turn, which must be given back by `leave`. */
  enter(): Promise<void> {
    return new Promise((resolve) => this.whenFree(resolve));
  }

  /** Calls back with a turn, which must be given back by `leave`: at once where one is free. */
  whenFree(begin: () => void): void {
    if (this.#free === 0) {
      this.#waiting.push(begin);
      return;
    }
    this.#free -= 1;
    begin();
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
