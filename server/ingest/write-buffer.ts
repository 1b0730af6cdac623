import type { AppendOutcome } from "./append-outcome.ts";
import type { IngestEvent } from "./ingest-event.ts";

/** What the buffer may hold and how it drains. */
export type WriteBufferLimits = {
  /** Events that may wait, including those being written. */
  maxEvents: number;
  /** Payload bytes that may wait, including those being written. */
  maxBytes: number;
  /** Events after which a transaction takes no further post along. */
  batchEvents: number;
  /** Transactions under way at once: while one waits for the disk, the next one is filled. */
  writers: number;
};

export const DEFAULT_WRITE_BUFFER_LIMITS: WriteBufferLimits = {
  maxEvents: 50_000,
  maxBytes: 96 * 1024 * 1024,
  batchEvents: 4_000,
  writers: 2,
};

type Post = {
  events: IngestEvent[];
  bytes: number;
  arrivedAt: number;
  resolve: (outcomes: AppendOutcome[]) => void;
  reject: (error: unknown) => void;
};

/** Writes the events of many posts in one transaction; one outcome for each event, in order. */
export type WriteBatch = (events: IngestEvent[]) => Promise<AppendOutcome[]>;

/**
 * Group commit. Posts that arrive while a transaction is under way wait and share the next one; each post is
 * answered after the commit that holds it. A full buffer refuses at once, so memory stays bounded.
 */
export class WriteBuffer {
  readonly #write: WriteBatch;
  readonly #limits: WriteBufferLimits;
  readonly #now: () => number;
  #waiting: Post[] = [];
  readonly #underWay = new Set<Post[]>();
  #events = 0;
  #bytes = 0;
  #idle: (() => void)[] = [];

  constructor(write: WriteBatch, limits: WriteBufferLimits, now: () => number) {
    this.#write = write;
    this.#limits = limits;
    this.#now = now;
  }

  /** Events in the buffer, written or waiting. */
  get size(): number {
    return this.#events;
  }

  /** Age in milliseconds of the oldest event that is not committed yet; 0 when there is none. */
  get lagMs(): number {
    const oldest = [...this.#underWay].flat().concat(this.#waiting.slice(0, 1));
    if (oldest.length === 0) return 0;
    return Math.max(0, this.#now() - Math.min(...oldest.map((post) => post.arrivedAt)));
  }

  /**
   * Takes the events of one post and gives their outcomes after the commit.
   *
   * @returns null at once when the buffer is full: nothing was taken.
   */
  offer(events: IngestEvent[], bytes: number): Promise<AppendOutcome[]> | null {
    const isFull =
      this.#events + events.length > this.#limits.maxEvents || this.#bytes + bytes > this.#limits.maxBytes;
    // A post of any permitted size gets through an empty buffer.
    if (isFull && this.#events > 0) return null;
    this.#events += events.length;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, bytes, arrivedAt: this.#now(), resolve, reject });
      this.#fill();
    });
  }

  /** Resolves when everything that was taken is committed or has failed. */
  async drain(): Promise<void> {
    if (this.#events === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #fill(): void {
    while (this.#waiting.length > 0 && this.#underWay.size < this.#limits.writers) {
      const posts = this.#take();
      this.#underWay.add(posts);
      // On the next tick, so that posts which arrive in the same turn of the loop share the transaction.
      setImmediate(() => void this.#flush(posts));
    }
  }

  #take(): Post[] {
    let events = 0;
    let count = 0;
    for (const post of this.#waiting) {
      if (count > 0 && events + post.events.length > this.#limits.batchEvents) break;
      events += post.events.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #flush(posts: Post[]): Promise<void> {
    this.#topUp(posts);
    try {
      const outcomes = await this.#write(posts.flatMap((post) => post.events));
      let at = 0;
      for (const post of posts) {
        post.resolve(outcomes.slice(at, at + post.events.length));
        at += post.events.length;
      }
    } catch (error) {
      for (const post of posts) post.reject(error);
    }
    for (const post of posts) {
      this.#events -= post.events.length;
      this.#bytes -= post.bytes;
    }
    this.#underWay.delete(posts);
    this.#fill();
    if (this.#events === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Takes along what arrived between the decision to write and the write itself. */
  #topUp(posts: Post[]): void {
    let events = posts.reduce((sum, post) => sum + post.events.length, 0);
    while (this.#waiting[0] && events + this.#waiting[0].events.length <= this.#limits.batchEvents) {
      const post = this.#waiting.shift();
      if (!post) return;
      posts.push(post);
      events += post.events.length;
    }
  }
}
