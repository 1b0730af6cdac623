import { OTHER_VALUE } from "#server/domain/metrics/catalogue.ts";

/** Values of a label that a meter keeps apart; those that come later count as `OTHER_VALUE`. */
export const MAX_KEPT_APART = 200;

/** One thing for each value of a label, made when the value first comes: a bounded number, and one for all others. */
export class ByLabel<Meter> {
  readonly #make: () => Meter;
  readonly #limit: number;
  readonly #meters = new Map<string, Meter>();

  constructor(make: () => Meter, limit = MAX_KEPT_APART) {
    this.#make = make;
    this.#limit = limit;
  }

  of(label: string): Meter {
    const known = this.#meters.get(label);
    if (known !== undefined) return known;
    const place = this.#meters.size < this.#limit ? label : OTHER_VALUE;
    const meter = this.#meters.get(place) ?? this.#make();
    this.#meters.set(place, meter);
    return meter;
  }

  entries(): [string, Meter][] {
    return [...this.#meters];
  }
}

/** Counts from its making on, and never down. */
export class CountMeter {
  readonly createdMs = Date.now();
  total = 0;

  add(count = 1): void {
    this.total += count;
  }
}

/** Ends of the buckets of times, seconds. */
export const TIME_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];

/** Counts times by bucket, from its making on. */
export class TimeMeter {
  readonly createdMs = Date.now();
  /** For each bound, and one for what is above all of them: how many fell between it and the bound before. */
  readonly buckets = new Float64Array(TIME_BOUNDS.length + 1);
  count = 0;
  seconds = 0;

  add(seconds: number, count = 1): void {
    let bucket = 0;
    while (bucket < TIME_BOUNDS.length && seconds > (TIME_BOUNDS[bucket] ?? Infinity)) bucket += 1;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + count;
    this.count += count;
    this.seconds += seconds * count;
  }
}
