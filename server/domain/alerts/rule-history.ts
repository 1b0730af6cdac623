import { type AlertLife, advanceAlert } from "./alert-life.ts";
import { type AlertCondition, judgeCondition, looksForLittle, type Reading } from "./condition.ts";

/** A time for which an alert would have fired. */
export type Firing = {
  fromMs: number;
  /** Null where it would be firing still. */
  toMs: number | null;
  worst: number | null;
};

export type SeriesHistory = {
  firings: Firing[];
  /** What the condition saw at the end of each step; null where nothing was known. */
  values: (number | null)[];
  /** The first step of which something was known; null where none was. */
  firstKnown: number | null;
};

/**
 * Lets the alert of one series live through what was recorded.
 *
 * @param spans readings for each span of the condition, one for each step; step n ends at `fromMs + (n + 1) * stepMs`.
 */
export function replayRule(
  { condition, forMs }: { condition: AlertCondition; forMs: number },
  { fromMs, stepMs }: { fromMs: number; stepMs: number },
  spans: readonly (readonly Reading[])[],
): SeriesHistory {
  const lowIsWorse = looksForLittle(condition);
  const firings: Firing[] = [];
  const values: (number | null)[] = [];
  let firstKnown: number | null = null;
  let life: AlertLife | null = null;
  let earlierMs: readonly number[] = [];
  const count = spans[0]?.length ?? 0;
  for (let step = 0; step < count; step += 1) {
    const nowMs = fromMs + (step + 1) * stepMs;
    const readings = spans.map((span) => span[step] ?? { value: null, isComplete: false });
    const observation = judgeCondition(condition, readings);
    values.push(observation.kind === "unknown" ? null : observation.value);
    if (observation.kind !== "unknown") firstKnown ??= step;
    const options = {
      forMs,
      nowMs,
      lowIsWorse,
      isMuted: false,
      lookAwayMs: 2 * stepMs,
      earlierMs,
    };
    life = advanceAlert(life, observation, options).life;
    if (life?.state === "resolved") {
      firings.push(firingOf(life));
      earlierMs = life.changesMs;
      life = null;
    }
  }
  if (life?.firedAtMs != null) firings.push(firingOf(life));
  return { firings, values, firstKnown };
}

function firingOf({ firedAtMs, resolvedAtMs, beganAtMs, worst }: AlertLife): Firing {
  return { fromMs: firedAtMs ?? beganAtMs, toMs: resolvedAtMs, worst };
}
