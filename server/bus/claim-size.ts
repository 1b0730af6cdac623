/** What is claimed should begin within about this long: what a worker that is lost had claimed counts an attempt. */
const AHEAD_MS = 250;
const MOST = 8_000;
/** How many times as much is claimed next at most, as few say little about how long more of them take. */
const GROWTH = 32;
/** Deliveries that are made due at once for a consumer that is about to have none left. */
const FEWEST_AHEAD = 500;
/** Payload bytes that a worker takes into its memory at once, unless the fewest have more. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How long a delivery waited, as one of so many that had not ended when it was claimed. */
type Begun = { waitedMs: number; place: number };

/** How many deliveries to hold at a time that have not ended, by how long they wait for their turn and how large they are. */
export class ClaimSize {
  readonly #fewest: number;
  #size: number;
  /** Of those that began since the last claim, the one that waited longest. */
  #longest: Begun | null = null;
  #meanBytes = 0;
  #isGrowing = true;
  /** As many were claimed as there was room for, before any had begun to say what follows from it. */
  #isBehind = false;

  constructor(fewest: number) {
    this.#fewest = fewest;
    this.#size = fewest;
  }

  get size(): number {
    const fitting = Math.floor(MAX_BYTES / Math.max(1, this.#meanBytes));
    return Math.max(this.#fewest, Math.min(this.#size, fitting));
  }

  /** Whether more than this is likely to begin soon enough: what was claimed until now was too few to say how many. */
  get isGrowing(): boolean {
    return this.#isGrowing;
  }

  /**
   * How many more should be due, beyond what is held, with so many left that have not ended; and whether they may be
   * handed over at once: they begin twice as late as they should, but what is made due and claimed later costs four times
   * as much.
   */
  aheadOf(open: number): { ahead: number; isAheadHanded: boolean } {
    const { size } = this;
    const isAheadHanded = size >= FEWEST_AHEAD;
    if (this.#isGrowing || open > size / 4) return { ahead: 0, isAheadHanded };
    return { ahead: isAheadHanded ? size : Math.max(FEWEST_AHEAD, 2 * size), isAheadHanded };
  }

  /** Says that a delivery has begun, so long after it was claimed as one of so many (`place`) that had not ended. */
  begun(waitedMs: number, place: number): void {
    if (this.#longest === null || waitedMs > this.#longest.waitedMs) this.#longest = { waitedMs, place };
  }

  /** Says how large payloads are that were read. */
  read(count: number, bytes: number): void {
    if (count === 0) return;
    const mean = bytes / count;
    this.#meanBytes = this.#meanBytes === 0 ? mean : 0.8 * this.#meanBytes + 0.2 * mean;
  }

  /** Lets what has begun by now count for the last claim, where none had before: to be called when all of it has begun. */
  catchUp(): void {
    if (this.#isBehind) this.claimedAll();
  }

  /** Says that as many were claimed as there was room for: there is a reason to hold more, if they begin soon enough. */
  claimedAll(): void {
    this.#isBehind = this.#longest === null;
    if (this.#longest === null) return;
    const { waitedMs, place } = this.#longest;
    const fitting = Math.round((place * AHEAD_MS) / Math.max(1, waitedMs));
    const most = GROWTH * this.#size;
    this.#isGrowing = fitting > most && most < MOST;
    this.#size = Math.min(Math.max(this.#fewest, fitting), most, MOST);
    this.#longest = null;
  }
}
