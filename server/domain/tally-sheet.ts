import { binOf } from "./log-histogram.ts";

/** How long things took, in microseconds. */
export type TallyMeasure = {
  /** Their sum, and the shortest and longest one; these are null where nothing was counted. */
  us: number;
  low: number | null;
  high: number | null;
  bins: Map<number, number>;
};

/** What ended in a second, of one event type. */
export type TallySecond = {
  /** Since 1970. */
  second: number;
  typeId: number;
  succeeded: number;
  failed: number;
  retried: number;
  duplicates: number;
  dead: number;
  /** How long handling took. */
  processing: TallyMeasure;
  /** From the event's own time until it was handled. */
  critical: TallyMeasure;
};

/** Sums up what ended, by second and event type. */
export class TallySheet {
  readonly #seconds = new Map<string, TallySecond>();

  get seconds(): TallySecond[] {
    return [...this.#seconds.values()];
  }

  /** The counts of what ended at a moment, to be added to. */
  at(atUs: number, typeId: number): TallySecond {
    const second = Math.floor(atUs / 1_000_000);
    const key = `${second}/${typeId}`;
    let known = this.#seconds.get(key);
    if (!known) {
      const counts = { succeeded: 0, failed: 0, retried: 0, duplicates: 0, dead: 0 };
      known = { second, typeId, ...counts, processing: nothing(), critical: nothing() };
      this.#seconds.set(key, known);
    }
    return known;
  }

  /** Adds what another sheet holds. */
  addAll(seconds: readonly TallySecond[]): void {
    for (const one of seconds) {
      const own = this.at(one.second * 1_000_000, one.typeId);
      own.succeeded += one.succeeded;
      own.failed += one.failed;
      own.retried += one.retried;
      own.duplicates += one.duplicates;
      own.dead += one.dead;
      mergeMeasure(own.processing, one.processing);
      mergeMeasure(own.critical, one.critical);
    }
  }
}

function nothing(): TallyMeasure {
  return { us: 0, low: null, high: null, bins: new Map() };
}

/** Adds a time, or takes one away that was added before; the shortest and longest one stay then. */
export function countMicros(measure: TallyMeasure, micros: number, sign: 1 | -1 = 1): void {
  const bin = binOf(micros);
  measure.us += sign * micros;
  measure.bins.set(bin, (measure.bins.get(bin) ?? 0) + sign);
  if (sign === -1) return;
  measure.low = Math.min(measure.low ?? micros, micros);
  measure.high = Math.max(measure.high ?? micros, micros);
}

function mergeMeasure(own: TallyMeasure, { us, low, high, bins }: TallyMeasure): void {
  own.us += us;
  if (low !== null) own.low = Math.min(own.low ?? low, low);
  if (high !== null) own.high = Math.max(own.high ?? high, high);
  for (const [bin, count] of bins) own.bins.set(bin, (own.bins.get(bin) ?? 0) + count);
}

/** How many values a measure counts. */
export function samplesOf({ bins }: TallyMeasure): number {
  let samples = 0;
  for (const count of bins.values()) samples += count;
  return samples;
}

/** Times as they stand in a row: their sum, the shortest, the longest, and bins in turn with their counts. */
type WrittenMeasure = [number, number | null, number | null, ...number[]];
/** A second as it stands in a row: short, as it is written on the way of every delivery. */
export type WrittenSecond = [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  WrittenMeasure,
  WrittenMeasure,
];

export function writeSecond(one: TallySecond): WrittenSecond {
  const { second, typeId, succeeded, failed, retried, duplicates, dead, processing, critical } = one;
  const measures = [writeMeasure(processing), writeMeasure(critical)] as const;
  return [second, typeId, succeeded, failed, retried, duplicates, dead, ...measures];
}

export function readSecond(written: WrittenSecond): TallySecond {
  const [second, typeId, succeeded, failed, retried, duplicates, dead, processing, critical] = written;
  const measures = { processing: readMeasure(processing), critical: readMeasure(critical) };
  return { second, typeId, succeeded, failed, retried, duplicates, dead, ...measures };
}

function writeMeasure({ us, low, high, bins }: TallyMeasure): WrittenMeasure {
  return [us, low, high, ...[...bins].flat()];
}

function readMeasure([us, low, high, ...pairs]: WrittenMeasure): TallyMeasure {
  const bins = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) bins.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  return { us, low, high, bins };
}
