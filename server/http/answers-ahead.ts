import type { Clock } from "#server/platform/clock.ts";

/** How long an answer waits for whoever comes for it: a page has reached its browser, and asks, by then. */
const KEPT_MS = 5_000;
/** As many are begun ahead at a time at most, since large ones take megabytes. */
const MOST = 8;

type Begun<Answer> = { answer: Promise<Answer>; atMs: number };

/** Answers that are worked out before somebody comes for them, who was announced. Each is given once. */
export class AnswersAhead<Answer> {
  readonly #clock: Pick<Clock, "elapsedMs">;
  readonly #begun = new Map<string, Begun<Answer>>();

  constructor(clock: Pick<Clock, "elapsedMs">) {
    this.#clock = clock;
  }

  /** Begins to work an answer out, unless that is under way or there are too many. */
  begin(key: string, work: () => Promise<Answer>): void {
    this.#forgetOld();
    if (this.#begun.has(key) || this.#begun.size >= MOST) return;
    const answer = work();
    // Whoever comes for it is told; where nobody does, nobody minds.
    answer.catch(() => {});
    this.#begun.set(key, { answer, atMs: this.#clock.elapsedMs() });
    setTimeout(() => this.#forgetOld(), KEPT_MS).unref();
  }

  /** Gives the answer that was begun, or null. */
  take(key: string): Promise<Answer> | null {
    this.#forgetOld();
    const begun = this.#begun.get(key);
    this.#begun.delete(key);
    return begun?.answer ?? null;
  }

  #forgetOld(): void {
    const nowMs = this.#clock.elapsedMs();
    for (const [key, { atMs }] of this.#begun) if (nowMs - atMs >= KEPT_MS) this.#begun.delete(key);
  }
}
