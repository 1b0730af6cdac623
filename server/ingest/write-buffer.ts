/** What the buffer may hold and how it drains. */
export type WriteBufferLimits = {
  /** Items that may wait, including those being written. */
  maxItems: number;
  /** Payload bytes that may wait, including those being written. */
  maxBytes: number;
  /** Items after which a transaction takes no further post along. */
  batchItems: number;
  /** Transactions under way at once: while one waits for the disk, the next one is filled. */
  writers: number;
  /** Items that must wait before a transaction begins beside another: few are stored cheaper with the next ones. */
  joinItems: number;
  /** Milliseconds after which fewer don't wait any longer for the transaction that is under way. */
  joinMs: number;
};

export const DEFAULT_WRITE_BUFFER_LIMITS: WriteBufferLimits = {
  maxItems: 50_000,
  maxBytes: 96 * 1024 * 1024,
  batchItems: 2_000,
  writers: 4,
  joinItems: 1_000,
  joinMs: 10,
};

type Post<Item, Outcome> = {
  items: Item[];
  bytes: number;
  arrivedAt: number;
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
};

/** Writes the items of many posts in one transaction; one outcome for each item, in order. */
export type WriteBatch<Item, Outcome> = (items: Item[]) => Promise<Outcome[]>;

/**
 * Group commit. Posts that arrive while a transaction is under way wait and share the next one; each post is
 * answered after the commit that holds it. A full buffer refuses at once, so memory stays bounded.
 */
export class WriteBuffer<Item, Outcome> {
  readonly #write: WriteBatch<Item, Outcome>;
  readonly #limits: WriteBufferLimits;
  readonly #now: () => number;
  #waiting: Post<Item, Outcome>[] = [];
  readonly #underWay = new Set<Post<Item, Outcome>[]>();
  #items = 0;
  #bytes = 0;
  #waitingItems = 0;
  #isScheduled = false;
  #isHurried = false;
  #hurry: NodeJS.Timeout | null = null;
  #idle: (() => void)[] = [];

  constructor(write: WriteBatch<Item, Outcome>, limits: WriteBufferLimits, now: () => number) {
    this.#write = write;
    this.#limits = limits;
    this.#now = now;
  }

  /** Items in the buffer, written or waiting. */
  get size(): number {
    return this.#items;
  }

  /** Age in milliseconds of the oldest item that is not committed yet; 0 when there is none. */
  get lagMs(): number {
    const oldest = [...this.#underWay].flat().concat(this.#waiting.slice(0, 1));
    if (oldest.length === 0) return 0;
    return Math.max(0, this.#now() - Math.min(...oldest.map((post) => post.arrivedAt)));
  }

  /**
   * Takes the items of one post and gives their outcomes after the commit.
   *
   * @returns null at once when the buffer is full: nothing was taken.
   */
  offer(items: Item[], bytes: number): Promise<Outcome[]> | null {
    const isFull =
      this.#items + items.length > this.#limits.maxItems || this.#bytes + bytes > this.#limits.maxBytes;
    // A post of any permitted size gets through an empty buffer.
    if (isFull && this.#items > 0) return null;
    this.#items += items.length;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, bytes, arrivedAt: this.#now(), resolve, reject });
      this.#waitingItems += items.length;
      this.#schedule();
    });
  }

  /** Resolves when everything that was taken is committed or has failed. */
  async drain(): Promise<void> {
    if (this.#items === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Begins a transaction on the next turn of the loop, so that posts which arrive in this one share it. */
  #schedule(): void {
    const isBusy = this.#underWay.size >= this.#limits.writers;
    if (this.#isScheduled || isBusy || this.#waiting.length === 0 || this.#isWorthJoining()) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#flush(this.#take());
      this.#schedule();
    });
  }

  /** Few items do better to wait, for a while, until the transaction under way has made room for one that takes all. */
  #isWorthJoining(): boolean {
    const isFew = this.#underWay.size > 0 && this.#waitingItems < this.#limits.joinItems;
    if (!isFew || this.#isHurried) return false;
    this.#hurry ??= setTimeout(() => {
      this.#hurry = null;
      this.#isHurried = true;
      this.#schedule();
    }, this.#limits.joinMs);
    return true;
  }

  #take(): Post<Item, Outcome>[] {
    if (this.#hurry !== null) clearTimeout(this.#hurry);
    this.#hurry = null;
    this.#isHurried = false;
    let items = 0;
    let count = 0;
    for (const post of this.#waiting) {
      if (count > 0 && items + post.items.length > this.#limits.batchItems) break;
      items += post.items.length;
      count += 1;
    }
    this.#waitingItems -= items;
    return this.#waiting.splice(0, count);
  }

  async #flush(posts: Post<Item, Outcome>[]): Promise<void> {
    this.#underWay.add(posts);
    try {
      const outcomes = await this.#write(posts.flatMap((post) => post.items));
      let at = 0;
      for (const post of posts) {
        post.resolve(outcomes.slice(at, at + post.items.length));
        at += post.items.length;
      }
    } catch (error) {
      for (const post of posts) post.reject(error);
    }
    for (const post of posts) {
      this.#items -= post.items.length;
      this.#bytes -= post.bytes;
    }
    this.#underWay.delete(posts);
    this.#schedule();
    if (this.#items === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
