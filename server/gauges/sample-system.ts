import { countOpenLetters } from "#drizzle/queries/gauges.ts";
import type { Context } from "#server/platform/context.ts";
import type { Sample } from "./sample.ts";
import { ConsumerSampler } from "./sample-consumers.ts";
import { DatabaseSampler, type DatabaseTotals } from "./sample-database.ts";
import { sampleOutbox, sampleProjections, sampleSagas } from "./sample-progress.ts";

/** A look at the system is shared for so long. */
const SHARED_MS = 900;
/** What Postgres counts of itself costs more to ask. */
const DATABASE_EVERY_MS = 10_000;

/** What was seen at one moment, milliseconds since 1970. */
export type Look = { takenMs: number; samples: readonly Sample[] };

export type SystemSamples = {
  /** One for each part of the system, always in the same order. */
  looks: readonly Look[];
  /** Consumers of whom at least so much waits. */
  inexact: ReadonlySet<string>;
  databaseTotals: DatabaseTotals | null;
  openLetters: { parked: number; replaying: number };
};

type Part = { sample: () => Promise<Sample[]>; everyMs: number; last: Look; takenAt: number };

/**
 * What is the same from wherever in the system one looks: consumers, channels, sagas, read models, the outbox, and the
 * database. Whoever asks while a look is under way, or just after one, shares it.
 */
export class SystemSampler {
  readonly #ctx: Pick<Context, "sql" | "names" | "clock">;
  readonly #consumers: ConsumerSampler;
  readonly #database: DatabaseSampler;
  readonly #parts: Part[];
  #looking: Promise<SystemSamples> | null = null;
  #last: (SystemSamples & { takenAt: number }) | null = null;

  constructor(ctx: Pick<Context, "sql" | "names" | "clock">) {
    this.#ctx = ctx;
    this.#consumers = new ConsumerSampler(ctx);
    this.#database = new DatabaseSampler(ctx);
    const part = (sample: Part["sample"], everyMs = 0): Part => ({
      sample,
      everyMs,
      last: { takenMs: 0, samples: [] },
      takenAt: -Infinity,
    });
    this.#parts = [
      part(() => this.#consumers.sample()),
      part(() => sampleSagas(ctx)),
      part(() => sampleProjections(ctx)),
      part(() => sampleOutbox(ctx)),
      part(() => this.#database.sample(), DATABASE_EVERY_MS),
    ];
  }

  /** Samples that are at most a second old, those of the database at most ten. */
  async read(): Promise<SystemSamples> {
    const { clock } = this.#ctx;
    if (this.#last !== null && clock.elapsedMs() - this.#last.takenAt < SHARED_MS) return this.#last;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** One part after the other, so that a look has one connection at a time. */
  async #look(): Promise<SystemSamples> {
    const { sql, clock } = this.#ctx;
    const takenAt = clock.elapsedMs();
    const takenMs = clock.now().getTime();
    for (const part of this.#parts) {
      if (takenAt - part.takenAt < part.everyMs) continue;
      part.last = { takenMs, samples: await part.sample() };
      part.takenAt = takenAt;
    }
    this.#last = {
      takenAt,
      looks: this.#parts.map(({ last }) => last),
      inexact: this.#consumers.inexact,
      openLetters: await countOpenLetters(sql),
      databaseTotals: this.#database.totals,
    };
    return this.#last;
  }
}
