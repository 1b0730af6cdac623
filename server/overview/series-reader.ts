import type { MetricAnswerDto, MetricQuery, MetricSeriesDto } from "#server/contract/metrics.ts";
import type { MetricLabel, MetricName, Stat } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import { queryMetrics } from "../metrics/query-metric.ts";

/** Of one metric. Beyond that, the overview says that there are more. */
const MAX_SERIES = 500;

export type SeriesQuestion = {
  metric: MetricName;
  stat: Stat;
  by?: MetricLabel;
  fromMs: number;
  toMs: number;
  stepMs: number;
};

/** The series of a metric by the value of their label; of all together under the empty text. */
export type SeriesByName = ReadonlyMap<string, Pick<MetricSeriesDto, "values" | "overall">>;

type Asked = { query: MetricQuery; answered: PromiseWithResolvers<MetricAnswerDto> };

/** Reads series of metrics. What is asked before anybody waits for an answer is read together. */
export class SeriesReader {
  readonly #ctx: Pick<Context, "sql" | "clock">;
  #asked: Asked[] = [];

  constructor(ctx: Pick<Context, "sql" | "clock">) {
    this.#ctx = ctx;
  }

  /** Series in whole steps, the last one being under way. Moments in milliseconds since 1970. */
  async read(question: SeriesQuestion): Promise<SeriesByName> {
    return byName(await this.ask(question));
  }

  /** The whole answer to the same question, with how far it is complete. */
  ask({ metric, stat, by, fromMs, toMs, stepMs }: SeriesQuestion): Promise<MetricAnswerDto> {
    if (this.#asked.length === 0) queueMicrotask(() => this.#answer());
    const answered = Promise.withResolvers<MetricAnswerDto>();
    const query = {
      metric,
      stat,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      stepMs,
      ...(by !== undefined && { by, top: MAX_SERIES }),
    };
    this.#asked.push({ query, answered });
    return answered.promise;
  }

  #answer(): void {
    const asked = this.#asked;
    this.#asked = [];
    queryMetrics(
      this.#ctx,
      asked.map(({ query }) => query),
    ).then(
      (answers) => {
        for (const [place, answer] of answers.entries()) asked[place]?.answered.resolve(answer);
      },
      (error: unknown) => {
        for (const { answered } of asked) answered.reject(error);
      },
    );
  }
}

/** The series of an answer. */
export function byName({ by, series }: MetricAnswerDto): SeriesByName {
  return new Map(series.map((one) => [by === null ? "" : (one.labels[by] ?? ""), one]));
}

/** The last value that is known. */
export function lastKnown(values: readonly (number | null)[] | undefined): number | null {
  return values?.findLast((value) => value !== null) ?? null;
}

/** The first value that is known. */
export function firstKnown(values: readonly (number | null)[] | undefined): number | null {
  return values?.find((value) => value !== null) ?? null;
}

/** What all values that are known add up to. */
export function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
