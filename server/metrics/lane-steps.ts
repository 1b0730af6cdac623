import { type GroupRow, NOT_SUMMED_UP, type PointValue } from "#drizzle/queries/metric-reading.ts";
import { NO_SUMS, type Sums } from "#server/domain/metrics/stats.ts";

/** What points of a lane say, step by step: in columns, as a large chart has tens of thousands of them. */
export class LaneSteps {
  readonly #value: PointValue;
  /** NaN in steps without points. */
  readonly #samples: Float64Array;
  /** NaN where there is none. */
  readonly #values: Float64Array;
  readonly #histograms = new Map<number, Sums>();
  readonly #unsure = new Set<number>();

  constructor(value: PointValue, size: number) {
    this.#value = value;
    this.#samples = new Float64Array(size).fill(Number.NaN);
    this.#values = new Float64Array(size).fill(Number.NaN);
  }

  /** Steps of which the percentile is not known: it was not summed up, or is of several points. */
  get unsure(): ReadonlySet<number> {
    return this.#unsure;
  }

  has(step: number): boolean {
    return this.#histograms.has(step) || !Number.isNaN(this.#samples[step] ?? Number.NaN);
  }

  /** Undefined of a step without points. Of a step of which a percentile was read, `samples` says only whether there are any. */
  get(step: number): Sums | undefined {
    const histogram = this.#histograms.get(step);
    if (histogram !== undefined) return histogram;
    const samples = this.#samples[step] ?? Number.NaN;
    if (Number.isNaN(samples)) return undefined;
    const read = this.#values[step] ?? Number.NaN;
    const value = Number.isNaN(read) ? null : read;
    switch (this.#value) {
      case "none":
      case "bins":
        return { ...NO_SUMS, samples };
      case "sum":
        return { ...NO_SUMS, samples, sum: value ?? 0 };
      case "low":
        return { ...NO_SUMS, samples, low: value };
      case "high":
        return { ...NO_SUMS, samples, high: value };
      case "last":
        return { ...NO_SUMS, samples, last: value };
      default:
        return { ...NO_SUMS, samples, percentile: value };
    }
  }

  /** Every step with points, in order. */
  *entries(): Generator<[number, Sums]> {
    const steps = Math.max(this.#samples.length, ...[...this.#histograms.keys()].map((step) => step + 1));
    for (let step = 0; step < steps; step += 1) {
      const sums = this.get(step);
      if (sums !== undefined) yield [step, sums];
    }
  }

  /** Adds what a row tells. */
  add({ steps, samples, values, histograms }: GroupRow): void {
    const places = readArray(steps);
    const counts = samples === null ? null : readArray(samples);
    if (histograms !== null) {
      for (const [at, text] of histograms.split("|").entries()) {
        const sums = { ...NO_SUMS, samples: counts?.[at] ?? 0, bins: readBins(text) };
        this.#histograms.set(places[at] ?? 0, sums);
      }
      return;
    }
    const read = values === null ? null : readArray(values);
    for (let at = 0; at < places.length; at += 1) {
      const step = places[at] ?? 0;
      const value = read?.[at] ?? Number.NaN;
      if (counts === null) this.#addPercentile(step, value);
      else this.#addValue(step, counts[at] ?? 0, value);
    }
  }

  /** Takes the histograms of steps for what was read of them before. */
  replace(others: LaneSteps | undefined): void {
    if (others === undefined) return;
    for (const [step, sums] of others.#histograms) this.#histograms.set(step, sums);
  }

  #addPercentile(step: number, bin: number): void {
    const isKnown = !Number.isNaN(this.#samples[step] ?? Number.NaN);
    if (bin === NOT_SUMMED_UP || isKnown) this.#unsure.add(step);
    this.#samples[step] = Math.max(isKnown ? (this.#samples[step] ?? 0) : 0, Number.isNaN(bin) ? 0 : 1);
    if (bin !== NOT_SUMMED_UP && !Number.isNaN(bin)) this.#values[step] = bin;
  }

  #addValue(step: number, samples: number, value: number): void {
    const known = this.#samples[step] ?? Number.NaN;
    this.#samples[step] = samples + (Number.isNaN(known) ? 0 : known);
    if (Number.isNaN(value)) return;
    const before = this.#values[step] ?? Number.NaN;
    this.#values[step] = Number.isNaN(before) ? value : together(this.#value, before, value);
  }
}

function together(kind: PointValue, before: number, value: number): number {
  if (kind === "low") return Math.min(before, value);
  if (kind === "high") return Math.max(before, value);
  return kind === "last" ? value : before + value;
}

/** Of numbers, as Postgres writes an array. */
function readArray(text: string): (number | null)[] {
  const list = text.slice(1, -1);
  return JSON.parse(`[${list.includes("N") ? list.replaceAll("NULL", "null") : list}]`) as (number | null)[]; // of numbers
}

function readBins(text: string): Map<number, number> {
  const middle = text.indexOf(":");
  if (middle <= 0) return new Map();
  const counts = text.slice(middle + 1).split(",");
  return new Map(
    text
      .slice(0, middle)
      .split(",")
      .map((bin, place) => [Number(bin), Number(counts[place])]),
  );
}
