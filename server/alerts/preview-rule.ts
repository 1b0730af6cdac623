import type { AlertPreviewDto, AlertPreviewInput } from "#server/contract/alerts.ts";
import { type AlertCondition, looksForLittle, problemOfCondition } from "#server/domain/alerts/condition.ts";
import { replayRule, type SeriesHistory } from "#server/domain/alerts/rule-history.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { observeRule, type ReadMetrics } from "./observe-rule.ts";
import { type History, readHistory } from "./read-history.ts";
import { momentOf } from "./stored-life.ts";

const WEEK_MS = 7 * 86_400_000;
const MAX_FIRINGS = 100;
const MAX_NOW = 20;
/** Of the chart. */
const MAX_POINTS = 720;

/** Says how often a rule would have fired, by the same rules by which it will. Nothing is written. */
export async function previewRule(
  { clock }: Pick<Context, "clock">,
  { rule, backMs = WEEK_MS }: AlertPreviewInput,
  metrics: ReadMetrics,
): Promise<AlertPreviewDto> {
  const { condition, forMs } = rule;
  const problem = problemOfCondition(condition);
  if (problem !== null) throw new AppError("invalid", problem);
  const nowMs = clock.now().getTime();
  const history = await readHistory(condition, { backMs, nowMs }, metrics);
  const lived = history.series.map(({ labels, spans }) => ({
    labels,
    ...replayRule({ condition, forMs }, history.window, spans),
  }));
  const firings = lived
    .flatMap(({ labels, firings }) => firings.map((firing) => ({ labels, ...firing })))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const { fromMs, toMs, stepMs } = history.window;
  return {
    window: { from: momentOf(fromMs), to: momentOf(toMs) },
    stepMs,
    knownFrom: knownFrom(history, lived),
    fired: firings.length,
    firings: firings.slice(-MAX_FIRINGS).map((firing) => ({
      labels: firing.labels,
      from: momentOf(firing.fromMs),
      to: firing.toMs === null ? null : momentOf(firing.toMs),
      worst: firing.worst,
    })),
    isCapped: firings.length > MAX_FIRINGS || history.others > 0,
    now: await valuesNow(condition, metrics, nowMs),
    series: chartOf(condition, history, lived),
  };
}

type Lived = SeriesHistory & { labels: Labels };

function knownFrom({ window }: History, lived: readonly Lived[]): string | null {
  const steps = lived.flatMap(({ firstKnown }) => (firstKnown === null ? [] : [firstKnown]));
  return steps.length === 0 ? null : momentOf(window.fromMs + Math.min(...steps) * window.stepMs);
}

async function valuesNow(
  condition: AlertCondition,
  metrics: ReadMetrics,
  nowMs: number,
): Promise<AlertPreviewDto["now"]> {
  const { series } = await observeRule(condition, metrics, nowMs);
  return [...series.values()]
    .map(({ labels, observation }) => ({
      labels,
      value: observation.kind === "unknown" ? null : observation.value,
    }))
    .toSorted((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || 0)
    .slice(0, MAX_NOW);
}

/** The series that fired most, in few enough steps to be drawn: of each that were put together, the worst. */
function chartOf(
  condition: AlertCondition,
  { window }: History,
  lived: readonly Lived[],
): AlertPreviewDto["series"] {
  const [most] = lived.toSorted((a, b) => b.firings.length - a.firings.length);
  const values = most?.values ?? [];
  const size = Math.max(1, Math.ceil(values.length / MAX_POINTS));
  const worst = looksForLittle(condition) ? Math.min : Math.max;
  const points = Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const known = values.slice(index * size, (index + 1) * size).filter((value) => value !== null);
    return known.length === 0 ? null : worst(...known);
  });
  return { from: momentOf(window.fromMs), stepMs: window.stepMs * size, values: points };
}
