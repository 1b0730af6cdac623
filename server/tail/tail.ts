import type { Sql } from "#drizzle/db.ts";
import { getSafePosition, listLog } from "#drizzle/queries/event-log.ts";
import type { SummaryRow } from "#drizzle/queries/event-reading.ts";
import { pause } from "#server/platform/clock.ts";
import type { Log } from "#server/platform/log.ts";
import type { NameCache } from "../names/name-cache.ts";

/** Everything that was committed after `from` up to and including `to`, oldest first; nothing is left out. */
export type TailBatch = {
  from: string;
  to: string;
  rows: SummaryRow[];
  nameOf: (id: number) => string;
};

type Reader = { take: (batch: TailBatch) => void; withData: boolean };

const POLL_MS = 100;
/** However often it is nudged, a look costs the database something, and frames go out ten times a second. */
const MIN_PAUSE_MS = 10;
const MAX_ROWS = 5_000;
const RETRY_MS = 1_000;

/**
 * The one tail of a process: reads what was committed, in order, and hands it to whoever listens.
 *
 * It is asleep (nothing new) or reading. While asleep it looks every 100 ms, or at once when `nudge` says that there
 * is something, though never again within 10 ms. Only `#readOnce` moves the position; while nobody listens it follows the end of the log.
 */
export class Tail {
  readonly #sql: Sql;
  readonly #names: NameCache;
  readonly #log: Log;
  readonly #readers = new Set<Reader>();
  readonly #watchers = new Set<() => void>();
  #position = "0";
  #wake: (() => void) | null = null;
  #nudged = false;

  constructor(sql: Sql, names: NameCache, log: Log) {
    this.#sql = sql;
    this.#names = names;
    this.#log = log;
  }

  /** Everything up to here was handed out. */
  get position(): string {
    return this.#position;
  }

  /** Starts at the end of the log and reads until `signal` aborts. */
  async start(signal: AbortSignal): Promise<{ done: Promise<void> }> {
    this.#position = await getSafePosition(this.#sql);
    signal.addEventListener("abort", () => this.nudge(), { once: true });
    return { done: this.#run(signal) };
  }

  /**
   * Takes part from the present position on. `take` must be quick and must not throw.
   *
   * @returns the position after which batches come, and how to stop.
   */
  listen(take: (batch: TailBatch) => void, options: { withData?: boolean } = {}) {
    const reader = { take, withData: options.withData ?? false };
    this.#readers.add(reader);
    return { position: this.#position, stop: () => void this.#readers.delete(reader) };
  }

  /** Calls `watch` whenever something was committed, without reading what. */
  onAdvance(watch: () => void) {
    this.#watchers.add(watch);
    return { stop: () => void this.#watchers.delete(watch) };
  }

  /** Says that something may have been committed. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const isMore = await this.#readOnce();
        if (isMore) continue;
        await pause(MIN_PAUSE_MS, signal);
        await this.#sleep(POLL_MS);
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ err: error }, "tail.interrupted");
        await this.#sleep(RETRY_MS);
      }
    }
  }

  /** @returns whether there may be more to read at once. */
  async #readOnce(): Promise<boolean> {
    const safe = await getSafePosition(this.#sql);
    if (Number(safe) <= Number(this.#position)) return false;
    for (const watch of this.#watchers) watch();
    if (this.#readers.size === 0) {
      this.#position = safe;
      return false;
    }
    const withData = this.#needsData();
    const after = this.#position;
    const rows = await listLog(this.#sql, { after, upTo: safe, limit: MAX_ROWS, withData });
    const last = rows.at(-1);
    // Positions that were handed out and given up leave nothing to wait for, but are not passed either: after a
    // crash of the database they may be handed out again.
    if (!last) return false;
    const nameOf = await this.#names.resolve(rows.flatMap(nameIds));
    // Somebody who needs payloads may have joined while the rows were read without.
    if (!withData && this.#needsData()) return true;
    this.#position = last.position;
    for (const reader of this.#readers) reader.take({ from: after, to: last.position, rows, nameOf });
    return last.position !== safe;
  }

  #needsData(): boolean {
    return [...this.#readers].some((reader) => reader.withData);
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#nudged) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#nudged = false;
  }
}

/** The interned names that a summary shows. */
export function nameIds(row: SummaryRow): number[] {
  return [row.type_id, row.source_id, row.channel_id, row.content_type_id].filter((id) => id !== null);
}
