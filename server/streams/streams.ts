import { textProblem } from "#server/domain/envelope/attributes.ts";
import type { Clock } from "#server/platform/clock.ts";
import { AppError } from "#server/platform/errors.ts";
import { IngestMeter } from "../ingest/ingest-meter.ts";
import { type WriteBatch, WriteBuffer, type WriteBufferLimits } from "../ingest/write-buffer.ts";
import type { Refusals, SchemaRegistry } from "../schemas/schema-registry.ts";
import {
  type StreamAppend,
  type StreamAppendOutcome,
  type StreamWriteOutcome,
  weightOf,
} from "./stream-append.ts";

const RETRY_AFTER_SECONDS = 1;

/** Items are appends here. A transaction holds the locks of all its streams, so it is kept short. */
const DEFAULT_LIMITS: WriteBufferLimits = {
  maxItems: 20_000,
  maxBytes: 64 * 1024 * 1024,
  batchItems: 256,
  writers: 2,
  joinItems: 16,
  joinMs: 10,
};

const NOTHING: Refusals = new Map();

/** In UTF-8: a longer one does not fit into an index entry. */
const MAX_ID_BYTES = 2_000;
const MAX_TYPE_LENGTH = 1_024;

/** The way into streams: appends of many callers share their commits. One for each process that takes appends. */
export class Streams {
  readonly #buffer: WriteBuffer<StreamAppend, StreamWriteOutcome>;
  readonly #onCommit: () => void;
  readonly #schemas: SchemaRegistry | undefined;
  readonly #clock: Clock;
  readonly #meter: IngestMeter;
  #isClosed = false;

  constructor(
    write: WriteBatch<StreamAppend, StreamWriteOutcome>,
    {
      clock,
      onCommit,
      schemas,
      limits = DEFAULT_LIMITS,
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
    this.#schemas = schemas;
    this.#onCommit = onCommit;
    this.#buffer = new WriteBuffer(write, limits, () => clock.elapsedMs());
  }

  /**
   * Appends to one stream; resolves after the commit. Safe to repeat with the same events: a repeat is answered as the
   * first was. Schemas that are enforced refuse here what they refuse of other events.
   *
   * Throws `invalid` for what can't be stored, `overloaded` when too much waits (nothing was taken) and `unavailable`
   * once the server is stopping.
   */
  async append(append: StreamAppend): Promise<StreamAppendOutcome> {
    checkAppend(append);
    const events = append.events.length;
    if (this.#isClosed) {
      this.#meter.reject("unavailable", events);
      throw new AppError("unavailable", "The server is stopping. Send the append again in a moment.", {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const refusals = this.#schemas?.isEnforcing ? await this.#schemas.findRefusals(append.events) : NOTHING;
    for (const [place, violation] of refusals) {
      this.#meter.reject("schema-violation", events);
      return { kind: "refused", place, violation };
    }
    const startedMs = this.#clock.elapsedMs();
    const written = this.#buffer.offer([append], weightOf(append));
    if (written === null) {
      this.#meter.reject("full-buffer", events);
      throw new AppError(
        "overloaded",
        "More appends arrive than can be stored. Nothing of this one was taken; send it again.",
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      );
    }
    const [outcome] = await written.catch((error: unknown) => {
      this.#meter.reject("unavailable", events);
      throw error;
    });
    if (!outcome) throw new Error("An append was left without an outcome.");
    this.#meter.noteWrite(this.#clock.elapsedMs() - startedMs, append.events);
    this.#count(append, outcome);
    if (outcome.kind === "appended") this.#onCommit();
    return outcome;
  }

  #count({ events }: StreamAppend, outcome: StreamWriteOutcome): void {
    if (outcome.kind === "version-conflict") this.#meter.reject("version-conflict", events.length);
    else if (outcome.kind === "identity-conflict") this.#meter.reject("conflict", events.length);
    else if (outcome.isRepeat) this.#meter.duplicates.add(events.length);
    else for (const { event } of events) this.#meter.stored.of(event.type).add();
  }

  /** Takes nothing more, and resolves when everything that was taken is committed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#buffer.drain();
  }
}

/** One append that can't be stored would fail the whole batch, so it is refused before it gets there. */
function checkAppend({ type, aggregateId, events }: StreamAppend): void {
  checkName("aggregate type", type, MAX_TYPE_LENGTH);
  checkName("aggregate id", aggregateId, MAX_ID_BYTES);
  if (Buffer.byteLength(aggregateId) > MAX_ID_BYTES) {
    throw new AppError(
      "invalid",
      `The aggregate id is longer than ${MAX_ID_BYTES} bytes. Use a shorter one.`,
    );
  }
  if (events.length === 0)
    throw new AppError("invalid", "There is nothing to append. Send at least one event.");
  if (new Set(events.map(({ identity }) => identity)).size < events.length) {
    throw new AppError(
      "invalid",
      "Two of the events have the same id and source. Give each an id of its own.",
    );
  }
}

function checkName(what: string, name: string, maxLength: number): void {
  const problem = name === "" ? "is empty" : textProblem(name, maxLength);
  if (problem !== null) throw new AppError("invalid", `The ${what} ${problem}.`);
}
