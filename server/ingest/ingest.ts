import type { Clock } from "#server/platform/clock.ts";
import { AppError } from "#server/platform/errors.ts";
import type { SchemaRegistry } from "../schemas/schema-registry.ts";
import type { AppendOutcome, WriteOutcome } from "./append-outcome.ts";
import { type IngestEvent, weightOf } from "./ingest-event.ts";
import { IngestMeter } from "./ingest-meter.ts";
import { RateMeter } from "./rate-meter.ts";
import {
  DEFAULT_WRITE_BUFFER_LIMITS,
  type WriteBatch,
  WriteBuffer,
  type WriteBufferLimits,
} from "./write-buffer.ts";

/** Seconds after which a client that was refused may try again: a full buffer drains in less. */
const RETRY_AFTER_SECONDS = 1;

/** Milliseconds for which pressure is remembered: what arrives in bursts presses in between as well. */
const PRESSED_FOR_MS = 1_000;

/**
 * The way in for events: buffers, commits in groups, and counts. One for each process that takes events.
 */
export class Ingest {
  readonly #buffer: WriteBuffer<IngestEvent, WriteOutcome>;
  readonly #onCommit: () => void;
  readonly #accepted: RateMeter;
  readonly #schemas: SchemaRegistry | undefined;
  readonly #clock: Clock;
  readonly #meter: IngestMeter;
  readonly #pressedItems: number;
  #pressedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(
    write: WriteBatch<IngestEvent, WriteOutcome>,
    {
      clock,
      onCommit,
      schemas,
      limits = DEFAULT_WRITE_BUFFER_LIMITS,
      meter = new IngestMeter(),
    }: {
      clock: Clock;
      onCommit: () => void;
      schemas?: SchemaRegistry;
      limits?: WriteBufferLimits;
      meter?: IngestMeter;
    },
  ) {
    this.#clock = clock;
    this.#meter = meter;
    this.#onCommit = onCommit;
    this.#schemas = schemas;
    this.#accepted = new RateMeter(clock);
    this.#pressedItems = limits.batchItems;
    this.#buffer = new WriteBuffer(write, limits, () => clock.elapsedMs());
  }

  /** Milliseconds that the oldest event waits for its commit. */
  get lagMs(): number {
    return this.#buffer.lagMs;
  }

  /** Events that are being written, or wait for it. */
  get buffered(): number {
    return this.#buffer.size;
  }

  /** Whether more waited for its commit, a moment ago, than one transaction holds: events arrive as fast as they are stored. */
  get isPressed(): boolean {
    return this.#clock.elapsedMs() - this.#pressedAtMs < PRESSED_FOR_MS;
  }

  /** Events stored a second, mean of the last ten seconds. */
  get perSecond(): number {
    return this.#accepted.perSecond();
  }

  /**
   * Stores the events; resolves after the commit with one outcome each, in order. Safe to repeat. Every event that is
   * no append to a stream comes through here, so this is where schemas that are enforced refuse.
   *
   * Throws `overloaded` when the buffer is full (nothing was taken) and `unavailable` once the server is stopping.
   */
  async append(events: IngestEvent[]): Promise<AppendOutcome[]> {
    if (this.#schemas?.isEnforcing !== true) return this.#store(events);
    const refusals = await this.#schemas.findRefusals(events);
    if (refusals.size === 0) return this.#store(events);
    this.#meter.reject("schema-violation", refusals.size);
    const stored = await this.#store(events.filter((_, index) => !refusals.has(index)));
    const inOrder = stored.values();
    return events.map((_, index): AppendOutcome => {
      const violation = refusals.get(index);
      if (violation) return { kind: "refused", violation };
      return inOrder.next().value ?? neverDecided();
    });
  }

  async #store(events: IngestEvent[]): Promise<WriteOutcome[]> {
    if (events.length === 0) return [];
    if (this.#isClosed) {
      this.#meter.reject("unavailable", events.length);
      throw new AppError("unavailable", "The server is stopping. Send the events again in a moment.", {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const bytes = events.reduce((sum, event) => sum + weightOf(event), 0);
    const startedMs = this.#clock.elapsedMs();
    const written = this.#buffer.offer(events, bytes);
    if (written === null) {
      this.#meter.reject("full-buffer", events.length);
      throw new AppError(
        "overloaded",
        "More events arrive than can be stored. Nothing of this request was taken; send it again.",
        {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        },
      );
    }
    if (this.#buffer.size > this.#pressedItems) this.#pressedAtMs = startedMs;
    const outcomes = await written.catch((error: unknown) => {
      this.#meter.reject("unavailable", events.length);
      throw error;
    });
    this.#meter.noteWrite(this.#clock.elapsedMs() - startedMs, events);
    const accepted = this.#count(events, outcomes);
    this.#accepted.add(accepted);
    if (accepted > 0) this.#onCommit();
    return outcomes;
  }

  /** @returns how many were stored now. */
  #count(events: readonly IngestEvent[], outcomes: readonly WriteOutcome[]): number {
    let accepted = 0;
    for (const [index, { kind }] of outcomes.entries()) {
      if (kind === "accepted") {
        accepted += 1;
        this.#meter.stored.of(events[index]?.event.type ?? "").add();
      } else if (kind === "duplicate") this.#meter.duplicates.add();
      else this.#meter.reject("conflict");
    }
    return accepted;
  }

  /** Takes nothing more, and resolves when everything that was taken is committed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#buffer.drain();
  }
}

function neverDecided(): never {
  throw new Error("An event was left without an outcome.");
}
