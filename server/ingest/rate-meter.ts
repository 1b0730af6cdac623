import type { Clock } from "#server/platform/clock.ts";

const WINDOW_SECONDS = 10;

/** Counts over the last ten seconds, in slots of one second. */
export class RateMeter {
  readonly #clock: Clock;
  readonly #slots = new Array<number>(WINDOW_SECONDS + 1).fill(0);
  #second: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#second = this.#now();
  }

  add(count: number): void {
    this.#advance();
    const slot = this.#second % this.#slots.length;
    this.#slots[slot] = (this.#slots[slot] ?? 0) + count;
  }

  /** Mean of the last ten seconds that are over. */
  perSecond(): number {
    this.#advance();
    const current = this.#second % this.#slots.length;
    const sum = this.#slots.reduce((total, count, slot) => (slot === current ? total : total + count), 0);
    return sum / WINDOW_SECONDS;
  }

  #now(): number {
    return Math.floor(this.#clock.elapsedMs() / 1000);
  }

  #advance(): void {
    const now = this.#now();
    const steps = Math.min(now - this.#second, this.#slots.length);
    for (let step = 1; step <= steps; step += 1) {
      this.#slots[(now - steps + step) % this.#slots.length] = 0;
    }
    this.#second = now;
  }
}
