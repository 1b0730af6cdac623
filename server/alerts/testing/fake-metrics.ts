import type { MetricLabel, MetricName } from "#server/domain/metrics/catalogue.ts";
import { definitionOf } from "#server/domain/metrics/catalogue.ts";
import type { ReadMetrics } from "../observe-rule.ts";

/** Metrics that say what a test has them say: the statistic over any window, by the value of the label. */
export class FakeMetrics implements ReadMetrics {
  readonly #values = new Map<MetricName, Map<string, number | null>>();
  readonly #broken = new Set<MetricName>();
  /** Milliseconds since 1970; null while nothing is counted. */
  completeMs: number | null = Number.MAX_SAFE_INTEGER;
  sinceMs = 0;
  questions = 0;

  /** From now on a series has this value; the one of all together is called "". */
  set(metric: MetricName, value: number | null, series = ""): void {
    const known = this.#values.get(metric) ?? new Map<string, number | null>();
    this.#values.set(metric, known.set(series, value));
  }

  /** The series is not there any more. */
  remove(metric: MetricName, series: string): void {
    this.#values.get(metric)?.delete(series);
  }

  /** Whoever asks for the metric gets an error. */
  break(metric: MetricName): void {
    this.#broken.add(metric);
  }

  readonly query: ReadMetrics["query"] = async ({ metric, stat = "rate", by, where, from, to, stepMs }) => {
    this.questions += 1;
    if (this.#broken.has(metric)) throw new Error(`The table of ${metric} is broken.`);
    const named = by === undefined ? undefined : where?.[by];
    const series = [...(this.#values.get(metric) ?? [["", null] as const])]
      .filter(([name]) => (by === undefined ? name === "" : name !== "" && (named?.includes(name) ?? true)))
      .map(([name, overall]) => ({ labels: labelsOf(by, name), values: [overall], overall }));
    return {
      metric,
      stat,
      unit: definitionOf(metric).unit,
      by: by ?? null,
      window: { from, to },
      stepMs: stepMs ?? 1_000,
      series,
      others: 0,
      isCapped: false,
      exactness: { kind: "exact" },
      completeTo: to,
    };
  };

  readonly coverage: ReadMetrics["coverage"] = async () =>
    this.completeMs === null
      ? { sinceMs: 0, completeMs: 0 }
      : { sinceMs: this.sinceMs, completeMs: this.completeMs };

  readonly slowShares: ReadMetrics["slowShares"] = async ({ metric }) => {
    const value = this.#values.get(metric)?.get("") ?? null;
    return [{ labels: {}, slow: [value], all: [value === null ? null : 1] }];
  };
}

function labelsOf(by: MetricLabel | undefined, name: string): { [label in MetricLabel]?: string } {
  return by === undefined ? {} : { [by]: name };
}
