import type { EventSummaryDto } from "#server/contract/events.ts";

/** What a frame says about a stretch of the log. */
export type Sample = {
  from: string;
  to: string;
  rows: EventSummaryDto[];
  matched: number;
  shown: number;
  skipped: number;
};

/** What an event weighs beside its strings. */
const ROW_BYTES = 400;

/**
 * Collects what matched since the last frame: exact counts of everything, and the newest rows of it, as many as fit.
 * However long nobody takes the sample, it holds at most `maxRows` rows and (beyond a single row) `maxBytes`.
 */
export class SampleBuffer {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #from: string;
  #to: string;
  #matched = 0;
  #bytes = 0;
  #rows: EventSummaryDto[] = [];

  constructor(position: string, { maxRows, maxBytes }: { maxRows: number; maxBytes: number }) {
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
    this.#from = position;
    this.#to = position;
  }

  /** Everything up to here was looked at. */
  get position(): string {
    return this.#to;
  }

  get matched(): number {
    return this.#matched;
  }

  /** Whether there is a stretch to report, with or without matches. */
  get hasMoved(): boolean {
    return this.#to !== this.#from;
  }

  /**
   * Adds a stretch of the log that ends at `to`, with its matches oldest first. Only those that can be shown are
   * turned into rows.
   */
  push<Match>(to: string, matches: readonly Match[], toRow: (match: Match) => EventSummaryDto): void {
    this.#to = to;
    this.#matched += matches.length;
    for (const match of matches.slice(-this.#maxRows)) {
      const row = toRow(match);
      this.#rows.push(row);
      this.#bytes += weightOf(row);
    }
    this.#trim();
  }

  /** The sample since the last one; the next begins where it ends. */
  take(): Sample {
    const rows = this.#rows;
    const sample = {
      from: this.#from,
      to: this.#to,
      rows,
      matched: this.#matched,
      shown: rows.length,
      skipped: this.#matched - rows.length,
    };
    this.restart(this.#to);
    return sample;
  }

  /** Forgets everything and begins anew at a position. */
  restart(position: string): void {
    this.#from = position;
    this.#to = position;
    this.#matched = 0;
    this.#bytes = 0;
    this.#rows = [];
  }

  #trim(): void {
    let excess = Math.max(0, this.#rows.length - this.#maxRows);
    for (const row of this.#rows.slice(0, excess)) this.#bytes -= weightOf(row);
    while (this.#bytes > this.#maxBytes && this.#rows.length - excess > 1) {
      const row = this.#rows[excess];
      if (row) this.#bytes -= weightOf(row);
      excess += 1;
    }
    if (excess > 0) this.#rows = this.#rows.slice(excess);
  }
}

function weightOf(row: EventSummaryDto): number {
  const { id, source, type, subject, correlationId, causationId, partitionKey, channel, time } = row;
  const texts = [id, source, type, subject, correlationId, causationId, partitionKey, channel, time];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), ROW_BYTES);
}
