/** What is claimed should begin within about this long: what a worker that is lost had claimed counts an attempt. */
const AHEAD_MS = 150;
const MOST = 4_000;
/** Payload bytes that a worker takes into its memory at once, unless the fewest have more. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How many deliveries to hold at a time, by how fast they end and how large they are. */
export class ClaimSize {
  readonly #fewest: number;
  readonly #elapsedMs: () => number;
  #size: number;
  #ended = 0;
  #meanBytes = 0;
  #since: number | null = null;

  constructor(fewest: number, elapsedMs: () => number) {
    this.#fewest = fewest;
    this.#size = fewest;
    this.#elapsedMs = elapsedMs;
  }

  get size(): number {
    const fitting = Math.floor(MAX_BYTES / Math.max(1, this.#meanBytes));
    return Math.max(this.#fewest, Math.min(this.#size, fitting));
  }

  /** Counts a delivery that has ended. */
  ended(): void {
    this.#ended += 1;
  }

  /** Says how large payloads are that were read. */
  read(count: number, bytes: number): void {
    if (count === 0) return;
    const mean = bytes / count;
    this.#meanBytes = this.#meanBytes === 0 ? mean : 0.8 * this.#meanBytes + 0.2 * mean;
  }

  /** Says that as many were claimed as there was room for: only while there are enough, their rate says anything. */
  claimedAll(): void {
    const now = this.#elapsedMs();
    if (this.#since !== null) {
      // Too little has ended, in too short a time, to be a rate.
      if (2 * this.#ended < this.#size && now - this.#since < AHEAD_MS) return;
      const fitting = Math.round((this.#ended * AHEAD_MS) / Math.max(1, now - this.#since));
      this.#size = Math.min(Math.max(this.#fewest, fitting), 2 * this.#size, MOST);
    }
    this.#since = now;
    this.#ended = 0;
  }

  /** Says that there were fewer: the next rate is measured from the next time on that there are enough. */
  claimedRest(): void {
    this.#since = null;
  }
}
