/**
 * Sends when there is something to say: never more often than every `intervalMs`, and never before the last message
 * was acknowledged.
 *
 * It is idle, waiting for its timer, or waiting for the acknowledgement. Only `#send` and `#acknowledged` move
 * between them.
 */
export class Pacer {
  readonly #send: (acknowledge: () => void) => void;
  readonly #intervalMs: number;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #isInFlight = false;
  #wantedAt = Number.POSITIVE_INFINITY;
  #isStopped = false;

  /** @param send must call `acknowledge` when the other side has taken the message. */
  constructor(intervalMs: number, send: (acknowledge: () => void) => void) {
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  /** Asks for a message, not before `gapMs` after the last one. Several requests make one message. */
  request(gapMs: number = this.#intervalMs): void {
    const at = Math.max(performance.now(), this.#lastSentAt + Math.max(gapMs, this.#intervalMs));
    if (this.#isInFlight) this.#wantedAt = Math.min(this.#wantedAt, at);
    else this.#schedule(at);
  }

  stop(): void {
    this.#isStopped = true;
    this.#clearTimer();
  }

  #schedule(at: number): void {
    if (this.#isStopped || at >= this.#timerAt) return;
    this.#clearTimer();
    const delay = at - performance.now();
    if (delay > 0) {
      this.#timerAt = at;
      this.#timer = setTimeout(() => this.#sendNow(), Math.ceil(delay));
    } else this.#sendNow();
  }

  #sendNow(): void {
    this.#clearTimer();
    this.#isInFlight = true;
    this.#lastSentAt = performance.now();
    this.#send(() => this.#acknowledged());
  }

  #acknowledged(): void {
    this.#isInFlight = false;
    const at = this.#wantedAt;
    this.#wantedAt = Number.POSITIVE_INFINITY;
    if (at < Number.POSITIVE_INFINITY) this.#schedule(at);
  }

  #clearTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }
}
