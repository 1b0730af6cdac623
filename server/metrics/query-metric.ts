import { readFolds } from "#drizzle/queries/metric-writing.ts";
import type { Exactness, MetricAnswerDto, MetricQuery } from "#server/contract/metrics.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import {
  definitionOf,
  type MetricName,
  SAMPLED_EVERY_MS,
  STATS_OF,
  type Stat,
  sourceOf,
} from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { LaneSteps } from "./lane-steps.ts";
import { type Coverage, readCoverages } from "./metric-coverage.ts";
import { curveOf, knownSteps, type Reading, secondsOf, valueAt } from "./metric-curves.ts";
import { findLanes, type LaneGroup, type Lanes } from "./metric-lanes.ts";
import { toWindow } from "./metric-window.ts";
import { type CurveReading, type CurveSums, isPercentile, sumCurves, sumRanks } from "./sum-curves.ts";
import { type LaneSums, NO_LANE_SUMS } from "./sum-lanes.ts";

const DEFAULT_TOP = 50;
const NO_STEPS = new LaneSteps("none", 0);

type Ctx = Pick<Context, "sql" | "clock">;

/** What a chart shows of a metric. Throws `invalid` for what the metric has not, and for steps that are not kept. */
export async function queryMetric(ctx: Ctx, query: MetricQuery): Promise<MetricAnswerDto> {
  const [answer] = await queryMetrics(ctx, [query]);
  if (answer === undefined) throw new Error("A question was not answered.");
  return answer;
}

/** What several charts show, in their order: read in as few statements as their windows and statistics allow. */
export async function queryMetrics(
  { sql, clock }: Ctx,
  queries: readonly MetricQuery[],
): Promise<MetricAnswerDto[]> {
  const nowMs = clock.now().getTime();
  const stats = queries.map(({ metric, stat }) => statToShow(metric, stat));
  const [coverageOf, folds, lanes] = await Promise.all([
    readCoverages(
      { sql, clock },
      queries.map(({ metric }) => sourceOf(metric)),
    ),
    readFolds(sql),
    findLanes(sql, queries),
  ]);
  const questions = queries.map((query, place): Question => {
    const { metric, by, top = DEFAULT_TOP } = query;
    const coverage = coverageOf(sourceOf(metric));
    const { groups, presence, isCapped } = lanes[place] ?? { groups: [], presence: null, isCapped: false };
    const window = toWindow(query, nowMs, Math.min(top, groups.length));
    const reading = { metric, stat: stats[place] ?? statToShow(metric), window, coverage, nowMs };
    return { by: by ?? null, top, folds, groups, presence, isCapped, reading };
  });
  const chosen = await chooseGroups(sql, questions);
  const readings = questions.map(({ reading, presence, folds }, place): CurveReading => {
    const { window, stat } = reading;
    const shown = (chosen[place] ?? []).flatMap((group) => group.lanes);
    return {
      lanes: presence === null ? shown : [...shown, presence],
      stat,
      window,
      folds,
      known: knownSteps(reading),
    };
  });
  const sums = await sumCurves(sql, readings);
  return questions.map((question, place) =>
    toAnswer(question, chosen[place] ?? [], sums[place] ?? { ...NO_LANE_SUMS, overall: null }),
  );
}

type Question = Lanes & {
  by: MetricAnswerDto["by"];
  top: number;
  folds: readonly number[];
  reading: Reading;
};

function toAnswer(
  { by, groups, presence, isCapped, reading }: Question,
  chosen: readonly LaneGroup[],
  sums: CurveSums,
): MetricAnswerDto {
  const { metric, stat, window, coverage, nowMs } = reading;
  const seconds = secondsOf(reading, presence === null ? null : (sums.steps.get(presence) ?? NO_STEPS));
  return {
    metric,
    stat,
    unit: definitionOf(metric).unit,
    by,
    window: { from: toMoment(window.from), to: toMoment(window.to) },
    stepMs: window.step * 1000,
    series: chosen
      .map((group) => ({ name: group.value ?? "", ...curveOf(group, sums, { metric, stat, seconds }) }))
      .toSorted(highestFirst)
      .map(({ name, values, overall }) => ({ labels: by === null ? {} : { [by]: name }, values, overall })),
    others: groups.length - chosen.length,
    isCapped,
    exactness: exactnessOf(metric, stat),
    completeTo: completeTo(coverage, sums, nowMs),
  };
}

/** How true a statistic of a metric is. */
function exactnessOf(metric: MetricName, stat: Stat): Exactness {
  if (isPercentile(stat)) return { kind: "bounded", relativeError: RELATIVE_ERROR };
  return sourceOf(metric) === "samples" ? { kind: "sampled", everyMs: SAMPLED_EVERY_MS } : { kind: "exact" };
}

/** Until when an answer is complete; null while nothing is known. */
export function completeTo(coverage: Coverage, { reach }: LaneSums, nowMs: number): string | null {
  if (coverage === null) return reach === null ? null : toMoment(Math.min(reach, nowMs / 1000));
  return coverage.completeMs <= coverage.sinceMs ? null : toMoment(coverage.completeMs / 1000);
}

export function toMoment(second: number): string {
  return new Date(second * 1000).toISOString();
}

function statToShow(metric: MetricName, asked?: Stat): Stat {
  const stats = STATS_OF[definitionOf(metric).kind];
  if (asked === undefined) return stats[0];
  if (stats.includes(asked)) return asked;
  throw new AppError("invalid", `${metric} has no ${asked}. Ask for one of ${stats.join(", ")}.`);
}

/** Of each question the groups with the highest statistic over the window, as coarsely as it can be told. */
async function chooseGroups(
  sql: Context["sql"],
  questions: readonly Question[],
): Promise<readonly (readonly LaneGroup[])[]> {
  const crowded = questions.filter(({ groups, top }) => groups.length > top);
  const sums = await sumRanks(
    sql,
    crowded.map(({ groups, folds, reading: { window, stat } }) => ({
      lanes: groups.flatMap(({ lanes }) => lanes),
      stat,
      window,
      folds,
    })),
  );
  const chosen = new Map(
    crowded.map((question, place) => [question, highestOf(question, sums[place])] as const),
  );
  return questions.map((question) => chosen.get(question) ?? question.groups);
}

function highestOf({ groups, top, reading }: Question, sums: LaneSums | undefined): readonly LaneGroup[] {
  if (sums === undefined) return groups.slice(0, top);
  const { metric, stat, window } = reading;
  const seconds = window.to - window.from;
  return groups
    .map((group) => ({
      group,
      name: group.value ?? "",
      overall: valueAt(group, sums, 0, { metric, stat, seconds }),
    }))
    .toSorted(highestFirst)
    .slice(0, top)
    .map(({ group }) => group);
}

type Ranked = { name: string; overall: number | null };

function highestFirst(a: Ranked, b: Ranked): number {
  if (a.overall !== b.overall) return (b.overall ?? -Infinity) - (a.overall ?? -Infinity);
  return a.name < b.name ? -1 : 1;
}
