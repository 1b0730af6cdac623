import type { MetricQuery } from "#server/contract/metrics.ts";
import {
  type AlertCondition,
  type Reading,
  type Span,
  spansOf,
  statOf,
} from "#server/domain/alerts/condition.ts";
import { type Slide, slideOf, slideShare, slideWindow } from "#server/domain/alerts/sliding-window.ts";
import { chooseHistoryStep, type Window } from "#server/domain/alerts/windows.ts";
import { definitionOf, type MetricName, type Stat } from "#server/domain/metrics/catalogue.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import { NO_NAME, type ReadMetrics, seriesKey } from "./observe-rule.ts";
import { momentOf } from "./stored-life.ts";

const MAX_SERIES = 20;
const DAY_MS = 86_400_000;
/** Steps that one question is answered with. */
const AT_ONCE = 1_440;

export type History = {
  window: Window;
  /** For each series, the readings of each span of the condition at the end of each step of the window. */
  series: { labels: Labels; spans: Reading[][] }[];
  /** Series that were not looked at. */
  others: number;
};

type Track = { labels: Labels; values: (number | null)[] };
type Wholes = { parts: Track; wholes: Track };

/** What a condition would have read, step by step, as finely as that is kept. Bounded work. */
export async function readHistory(
  condition: AlertCondition,
  { backMs, nowMs }: { backMs: number; nowMs: number },
  metrics: ReadMetrics,
): Promise<History> {
  const spans = spansOf(condition);
  const { kind } = definitionOf(condition.metric);
  const isOfTimes = condition.kind === "burn-rate" && condition.withinSeconds !== undefined;
  const slide = isOfTimes ? "share" : slideOf(kind, statOf(condition));
  const stepMs = chooseHistoryStep(spans, { backMs, isAlone: slide === "alone" });
  const coverage = await metrics.coverage(condition.metric);
  const toMs = Math.floor(Math.min(coverage?.completeMs ?? nowMs, nowMs) / stepMs) * stepMs;
  const window = { fromMs: toMs - Math.ceil(backMs / stepMs) * stepMs, toMs, stepMs };
  const leadMs = Math.max(...spans.map(({ windowMs, agoMs }) => windowMs + agoMs));
  const read = { ...window, fromMs: window.fromMs - Math.ceil(leadMs / stepMs) * stepMs };
  const { watched, others } = await nameMost(condition, read, metrics);
  const shape = { slide, read, window };
  const sinceMs = coverage?.sinceMs ?? 0;
  const shares = slide === "share" ? await readShares(watched, { window: read, sinceMs }, metrics) : null;
  if (shares !== null) {
    const series = shares.map(({ parts, wholes }) => ({
      labels: wholes.labels,
      spans: spans.map((span) =>
        cut(slideShare(parts.values, wholes.values, widthOf(span, stepMs)), span, shape),
      ),
    }));
    return { window, series, others };
  }
  const tracks = await readTracks(watched, { metric: watched.metric, stat: statOf(watched) }, read, metrics);
  const isCounted = coverage !== null;
  const series = tracks.map(({ labels, values }) => ({
    labels,
    spans: spans.map((span) => {
      const readings = slideWindow(values, { slide: plain(slide), width: widthOf(span, stepMs), isCounted });
      return cut(sinceFirst(scaled(readings, watched, span, stepMs), values), span, shape);
    }),
  }));
  return { window, series, others };
}

/** What a span reads at the end of each step of the window, from readings that begin earlier. */
function cut(
  readings: readonly Reading[],
  { agoMs }: Span,
  { read, window }: { read: Window; window: Window },
) {
  const first = (window.fromMs - read.fromMs) / window.stepMs;
  const steps = (window.toMs - window.fromMs) / window.stepMs;
  const ago = Math.round(agoMs / window.stepMs);
  return Array.from(
    { length: steps },
    (_, step) => readings[first + step - ago] ?? { value: null, isComplete: false },
  );
}

function widthOf({ windowMs }: Span, stepMs: number): number {
  return Math.max(1, Math.round(windowMs / stepMs));
}

/** Counts of steps that are longer than the span, as so many of the span. */
function scaled(
  readings: readonly Reading[],
  condition: AlertCondition,
  { windowMs }: Span,
  stepMs: number,
): readonly Reading[] {
  if (statOf(condition) !== "count") return readings;
  const scale = windowMs / (Math.max(1, Math.round(windowMs / stepMs)) * stepMs);
  return readings.map(({ value, isComplete }) => ({
    value: value === null ? null : value * scale,
    isComplete,
  }));
}

/** Before anything was measured at all, that nothing was says nothing. */
function sinceFirst(readings: readonly Reading[], values: readonly (number | null)[]): readonly Reading[] {
  const first = values.findIndex((value) => value !== null);
  return readings.map((reading, step) =>
    first === -1 || step < first ? { value: null, isComplete: false } : reading,
  );
}

function plain(slide: Slide): Exclude<Slide, "share"> {
  return slide === "share" ? "alone" : slide;
}

/** Names the series to look at, so that each question is about the same ones. */
async function nameMost(
  condition: AlertCondition,
  { fromMs, toMs }: Window,
  metrics: ReadMetrics,
): Promise<{ watched: AlertCondition; others: number }> {
  const { metric, by, where } = condition;
  if (by === undefined) return { watched: condition, others: 0 };
  const kind = definitionOf(metric).kind;
  const answer = await metrics.query({
    metric: kind === "ratio" ? "attempts" : metric,
    ...(kind === "gauge" ? {} : { stat: "count" }),
    from: momentOf(Math.floor(fromMs / DAY_MS) * DAY_MS),
    to: momentOf(Math.ceil(toMs / DAY_MS) * DAY_MS),
    stepMs: DAY_MS,
    by,
    top: MAX_SERIES,
    ...(where && { where }),
  });
  const names = answer.series
    .filter(({ overall }) => overall !== null && (kind === "gauge" || overall > 0))
    .flatMap(({ labels }) => labels[by] ?? []);
  const watched = { ...condition, where: { ...where, [by]: names.length === 0 ? [NO_NAME] : names } };
  return { watched, others: names.length === MAX_SERIES ? answer.others : 0 };
}

async function readTracks(
  { by, where }: Pick<AlertCondition, "by" | "where">,
  { metric, stat }: { metric: MetricName; stat: Stat },
  window: Window,
  metrics: ReadMetrics,
): Promise<Track[]> {
  const query: Omit<MetricQuery, "from" | "to"> = {
    metric,
    stat,
    stepMs: window.stepMs,
    ...(by && { by, top: MAX_SERIES }),
    ...(where && { where }),
  };
  const tracks = new Tracks(window);
  for (const { fromMs, toMs } of partsOf(window)) {
    const answer = await metrics.query({ ...query, from: momentOf(fromMs), to: momentOf(toMs) });
    for (const { labels, values } of answer.series) tracks.put(labels, values, fromMs);
  }
  return tracks.all();
}

async function readShares(
  condition: AlertCondition,
  { window, sinceMs }: { window: Window; sinceMs: number },
  metrics: ReadMetrics,
): Promise<Wholes[]> {
  if (condition.kind === "burn-rate" && condition.withinSeconds !== undefined) {
    const { metric, by, where, withinSeconds: overSeconds } = condition;
    const [slow, all] = [new Tracks(window), new Tracks(window)];
    for (const part of partsOf(window)) {
      for (const share of await metrics.slowShares({ metric, by, where, overSeconds }, part)) {
        slow.put(share.labels, share.slow, part.fromMs);
        all.put(share.labels, knownSince(share.all, part, sinceMs), part.fromMs);
      }
    }
    return pair(slow.all(), all.all());
  }
  const failed = await readTracks(condition, { metric: "attempts_failed", stat: "count" }, window, metrics);
  const all = await readTracks(condition, { metric: "attempts", stat: "count" }, window, metrics);
  return pair(failed, all);
}

/** Before anything was counted, that there was nothing says nothing. */
function knownSince(
  values: readonly (number | null)[],
  { fromMs, stepMs }: Window,
  sinceMs: number,
): (number | null)[] {
  return values.map((value, step) => (fromMs + step * stepMs < sinceMs ? null : value));
}

function pair(parts: readonly Track[], wholes: readonly Track[]): Wholes[] {
  const known = new Map(parts.map((track) => [seriesKey(track.labels), track]));
  return wholes.map((whole) => {
    const nothing: Track = { labels: whole.labels, values: whole.values.map((value) => value && 0) };
    return { parts: known.get(seriesKey(whole.labels)) ?? nothing, wholes: whole };
  });
}

function partsOf({ fromMs, toMs, stepMs }: Window): Window[] {
  const sizeMs = AT_ONCE * stepMs;
  return Array.from({ length: Math.ceil((toMs - fromMs) / sizeMs) }, (_, part) => ({
    fromMs: fromMs + part * sizeMs,
    toMs: Math.min(toMs, fromMs + (part + 1) * sizeMs),
    stepMs,
  }));
}

/** Values of series that come in parts; null where none came. */
class Tracks {
  readonly #tracks = new Map<string, Track>();
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  put(labels: Labels, values: readonly (number | null)[], fromMs: number): void {
    const { fromMs: startMs, toMs, stepMs } = this.#window;
    const key = seriesKey(labels);
    const track = this.#tracks.get(key) ?? {
      labels,
      values: Array.from({ length: (toMs - startMs) / stepMs }, () => null),
    };
    this.#tracks.set(key, track);
    const first = (fromMs - startMs) / stepMs;
    for (const [step, value] of values.entries()) {
      if (first + step < track.values.length) track.values[first + step] = value;
    }
  }

  all(): Track[] {
    return [...this.#tracks.values()];
  }
}
