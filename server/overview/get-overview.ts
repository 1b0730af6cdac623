import { listNewCases } from "#drizzle/queries/overview-facts.ts";
import type { OverviewDto, ProblemStandingDto } from "#server/contract/overview.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { byHarm, overallHealth } from "#server/domain/overview/problems.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { loadServices } from "../topology/load-services.ts";
import { readConsumers, readHour, readTimesOfConsumers, readUsualFailures } from "./consumer-facts.ts";
import { type FoundProblem, findProblems } from "./find-problems.ts";
import { listChanges, MAX_CHANGES, withNewErrors } from "./list-changes.ts";
import { readEarlierFigures, readFigures, readTimesOfHour } from "./read-figures.ts";
import { readTroubles } from "./read-troubles.ts";
import { byName, SeriesReader } from "./series-reader.ts";
import { standingsOf } from "./service-standings.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_PROBLEMS = 50;
const MAX_SERVICES = 100;

/** What hardly changes any more, and is read anew once a minute. */
export type SlowFacts = Awaited<ReturnType<typeof readSlowFacts>>;

export async function readSlowFacts(ctx: Context) {
  const toMs = Math.floor(ctx.clock.now().getTime() / HOUR_MS) * HOUR_MS;
  const reader = new SeriesReader(ctx);
  const [usualFailures, hour, usualSources, earlier, services] = await Promise.all([
    readUsualFailures(ctx.clock, reader),
    readHour(ctx.clock, reader),
    reader.read({
      metric: "events",
      stat: "count",
      by: "source",
      fromMs: toMs - DAY_MS,
      toMs,
      stepMs: HOUR_MS,
    }),
    readEarlierFigures(ctx.clock, reader),
    loadServices(ctx.sql),
  ]);
  return { usualFailures, hour, usualSources, earlier, services };
}

/** How long things take: told by histograms, and read anew every few seconds. */
export type TimeFacts = Awaited<ReturnType<typeof readTimeFacts>>;

export async function readTimeFacts(ctx: Context) {
  const reader = new SeriesReader(ctx);
  const [consumers, hours] = await Promise.all([
    readTimesOfConsumers(ctx.clock, reader),
    readTimesOfHour(ctx.clock, reader),
  ]);
  return { consumers, hours };
}

/** Whether everything is all right; if not, what is wrong, since when, and who is hit. */
export async function getOverview(
  ctx: Context,
  { slow, times }: { slow: SlowFacts; times: TimeFacts },
): Promise<OverviewDto> {
  const nowMs = ctx.clock.now().getTime();
  const fromMs = nowMs - HOUR_MS + MINUTE_MS;
  const reader = new SeriesReader(ctx);
  const [consumers, events, figures, troubles, cases, changes, asOf] = await Promise.all([
    readConsumers(ctx, reader, { usual: slow.usualFailures, earlier: slow.hour, times: times.consumers }),
    reader.ask({
      metric: "events",
      stat: "count",
      by: "source",
      fromMs,
      toMs: nowMs,
      stepMs: MINUTE_MS,
    }),
    readFigures(ctx.clock, reader, { earlier: slow.earlier, hours: times.hours }),
    readTroubles(ctx, reader),
    listNewCases(ctx.sql, {
      since: new Date(nowMs - DAY_MS).toISOString(),
      now: new Date(nowMs).toISOString(),
      limit: MAX_CHANGES,
    }),
    listChanges(ctx),
    getAsOf(ctx),
  ]);
  const sources = byName(events);
  const { usualSources } = slow;
  const problems = findProblems({ consumers, sources, usualSources, troubles, cases }, nowMs).toSorted(
    byHarm,
  );
  const standings = standingsOf({ consumers, sources, services: slow.services, problems }, nowMs);
  const hasTraffic = standings.some(({ line }) => line.some((health) => health !== null));
  const health = overallHealth(problems, hasTraffic);
  return {
    health,
    since: sinceOf(problems),
    problems: problems.slice(0, MAX_PROBLEMS).map((problem) => toStanding(problem, slow.services)),
    moreProblems: Math.max(0, problems.length - MAX_PROBLEMS),
    services: standings.slice(0, MAX_SERVICES),
    moreServices: Math.max(0, standings.length - MAX_SERVICES),
    figures,
    changes: withNewErrors(changes, cases),
    window: events.window,
    relativeError: RELATIVE_ERROR,
    completeTo: events.completeTo,
    asOf,
  };
}

/** Since when it has been as bad as it is: since the first of the worst problems. */
function sinceOf(problems: readonly FoundProblem[]): string | null {
  const worst = problems[0]?.health;
  const moments = problems.flatMap(({ health, sinceMs }) =>
    health === worst && sinceMs !== null ? [sinceMs] : [],
  );
  return moments.length === 0 ? null : new Date(Math.min(...moments)).toISOString();
}

function toStanding(problem: FoundProblem, services: Services): ProblemStandingDto {
  const { kind, health, key, subject, sinceMs, amount, usual, affected, href } = problem;
  const isConsumer = kind === "consumer-failing" || kind === "consumer-stalled" || kind === "backlog-growing";
  return {
    id: `${kind}:${key}`,
    kind,
    health,
    subject,
    since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    amount,
    usual,
    services: isConsumer ? [services.ofConsumer(key).name].filter((name) => name !== subject) : [],
    affected,
    href,
  };
}
