import type { OpenCaseRow } from "#drizzle/queries/overview-facts.ts";
import {
  type Problem,
  problemOfLag,
  problemOfSilence,
  problemsOfConsumer,
} from "#server/domain/overview/problems.ts";
import type { ConsumerStanding } from "./consumer-facts.ts";
import { MAX_OF_A_KIND, type Troubles } from "./read-troubles.ts";
import { lastKnown, type SeriesByName } from "./series-reader.ts";

const MINUTE_MS = 60_000;

export type FoundProblem = Problem & { href: string };

/** Everything that is wrong now, in no order. */
export function findProblems(
  {
    consumers,
    sources,
    usualSources,
    troubles: { lags, outbox, rejected, broken, stuck, alerts },
    cases,
  }: {
    consumers: readonly ConsumerStanding[];
    sources: SeriesByName;
    usualSources: SeriesByName;
    troubles: Troubles;
    /** The failure cases of a day that are open, the largest first. */
    cases: readonly OpenCaseRow[];
  },
  nowMs: number,
): FoundProblem[] {
  const projections = new Set([...lags.keys(), ...broken]);
  return [
    ...consumers.flatMap((facts) =>
      problemsOfConsumer(facts, nowMs).map((problem) => ({ ...problem, href: consumerHref(problem) })),
    ),
    ...[...projections].flatMap((name) => {
      const lagS = lastKnown(lags.get(name)?.values) ?? 0;
      const problem = problemOfLag(
        "projection-behind",
        { name, lagS, isBroken: broken.includes(name) },
        nowMs,
      );
      return problem === null ? [] : [{ ...problem, href: "/projections" }];
    }),
    ...lagOfOutbox(lastKnown(outbox.get("")?.values), nowMs),
    ...[...sources].flatMap(([source, { values }]) => {
      const place = values.findLastIndex((value) => (value ?? 0) > 0);
      const present = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
      const lastMs =
        place === -1
          ? present - values.length * MINUTE_MS
          : present - (values.length - 1 - place) * MINUTE_MS;
      const hours = (usualSources.get(source)?.values ?? []).map((value) => value ?? 0);
      const problem = problemOfSilence({ source, hours, lastMs }, nowMs);
      return problem === null
        ? []
        : [{ ...problem, href: `/metrics?${new URLSearchParams({ metric: "events", source })}` }];
    }),
    ...[...rejected].flatMap(([reason, { overall }]) =>
      (overall ?? 0) === 0 ? [] : [rejection(reason, overall ?? 0)],
    ),
    ...stuck.map(
      ({ type, name, stuck: amount, since }): FoundProblem => ({
        ...plain("saga-stuck", "degraded", type, name),
        sinceMs: Date.parse(since),
        amount,
        affected: amount,
        href: `/sagas?${new URLSearchParams({ state: "stuck", type })}`,
      }),
    ),
    ...cases.slice(0, MAX_OF_A_KIND).map(
      ({ id, message, parked, first_at, is_failing_now }): FoundProblem => ({
        ...plain("failure-case", is_failing_now ? "failing" : "degraded", `case:${id}`, message),
        sinceMs: Date.parse(first_at),
        amount: parked,
        href: `/dead-letters/cases/${id}`,
      }),
    ),
    ...alerts.alerts.flatMap(({ id, rule, severity, labels, firedAt, beganAt, mute }): FoundProblem[] =>
      severity === "info" || mute !== null
        ? []
        : [
            {
              ...plain(
                "alert-firing",
                severity === "critical" ? "failing" : "degraded",
                `alert:${id}`,
                [rule.name, ...Object.values(labels)].join(": "),
              ),
              sinceMs: Date.parse(firedAt ?? beganAt),
              amount: 1,
              href: `/alerts?alert=${id}`,
            },
          ],
    ),
  ];
}

function plain(
  kind: Problem["kind"],
  health: Problem["health"],
  key: string,
  subject: string,
): Omit<Problem, "sinceMs" | "amount"> {
  return { kind, health, key, subject, usual: null, affected: null };
}

function lagOfOutbox(lagS: number | null, nowMs: number): FoundProblem[] {
  const problem = problemOfLag("outbox-behind", { name: "outbox", lagS: lagS ?? 0, isBroken: false }, nowMs);
  return problem === null ? [] : [{ ...problem, href: "/projections" }];
}

/** Whoever sends nonsense is told so; whoever is turned away loses nothing, but has to wait. */
function rejection(reason: string, amount: number): FoundProblem {
  const health = reason === "overloaded" || reason === "unavailable" ? "failing" : "degraded";
  return {
    ...plain("ingest-rejecting", health, reason, reason),
    sinceMs: null,
    amount,
    href: `/metrics?${new URLSearchParams({ metric: "ingest_rejected", by: "reason" })}`,
  };
}

function consumerHref({ kind, subject }: Problem): string {
  const consumer = encodeURIComponent(subject);
  if (kind === "consumer-failing") return `/dead-letters/letters?consumer=${consumer}`;
  return `/consumers?consumer=${consumer}`;
}
