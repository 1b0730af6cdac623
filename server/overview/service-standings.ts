import type { ServiceStandingDto } from "#server/contract/overview.ts";
import {
  HEALTHS,
  type Health,
  healthOfAttempts,
  isUnwell,
  unwellFrom,
  worstOf,
} from "#server/domain/overview/health.ts";
import type { Problem } from "#server/domain/overview/problems.ts";
import type { Service, Services } from "#server/domain/topology/services.ts";
import { type ConsumerStanding, SHOWN_MINUTES } from "./consumer-facts.ts";
import { type SeriesByName, sumOf } from "./series-reader.ts";

const MINUTE_MS = 60_000;

type Part = {
  consumers: ConsumerStanding[];
  sources: { source: string; minutes: readonly (number | null)[] }[];
};

/** Every service that was seen in the last hour, the worst first. */
export function standingsOf(
  {
    consumers,
    sources,
    services,
    problems,
  }: {
    consumers: readonly ConsumerStanding[];
    /** Events by the minute. */
    sources: SeriesByName;
    services: Services;
    problems: readonly Problem[];
  },
  nowMs: number,
): ServiceStandingDto[] {
  const parts = new Map<string, { service: Service; part: Part }>();
  const partOf = (service: Service): Part => {
    const known = parts.get(service.id) ?? { service, part: { consumers: [], sources: [] } };
    parts.set(service.id, known);
    return known.part;
  };
  for (const one of consumers) partOf(services.ofConsumer(one.consumer)).consumers.push(one);
  for (const [source, { values }] of sources) {
    partOf(services.ofSource(source)).sources.push({ source, minutes: values });
  }
  return [...parts.values()]
    .map(({ service, part }) => toStanding(service, part, problems, nowMs))
    .toSorted(
      (a, b) =>
        HEALTHS.indexOf(b.health) - HEALTHS.indexOf(a.health) ||
        b.handledPerSecond + b.publishedPerSecond - a.handledPerSecond - a.publishedPerSecond ||
        a.service.localeCompare(b.service),
    );
}

function toStanding(
  service: Service,
  { consumers, sources }: Part,
  problems: readonly Problem[],
  nowMs: number,
): ServiceStandingDto {
  const own = problems.filter(({ key }) => service.consumers.includes(key) || service.sources.includes(key));
  const line = lineOf({ consumers, sources });
  const seen = worstOf(line.map((health) => (health === null ? "unknown" : "ok")));
  const health = own.length === 0 ? seen : worstOf(own.map((problem) => problem.health));
  const start = isUnwell(health) ? unwellFrom(line) : null;
  const present = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const sinceMs = start === null ? null : present - (line.length - 1 - start) * MINUTE_MS;
  const shown = consumers.filter(({ failureRate }) => failureRate !== null);
  const handled = sumOf(consumers.map(({ handledPerSecond }) => handledPerSecond));
  const failed = sumOf(
    shown.map(({ failureRate, handledPerSecond }) => (failureRate ?? 0) * handledPerSecond),
  );
  const p95s = consumers.flatMap(({ p95 }) => (p95 === null ? [] : [p95]));
  const backlogs = consumers.flatMap(({ backlog }) => (backlog === null ? [] : [backlog]));
  return {
    service: service.name,
    node: service.id,
    health,
    since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    line,
    publishedPerSecond:
      sumOf(sources.map(({ minutes }) => sumOf(minutes.slice(-SHOWN_MINUTES)))) / (SHOWN_MINUTES * 60),
    handledPerSecond: handled,
    failureRate: handled === 0 ? null : failed / handled,
    p95: p95s.length === 0 ? null : Math.max(...p95s),
    backlog: backlogs.length === 0 ? null : Math.round(sumOf(backlogs)),
    problems: own.length,
  };
}

/** How a service was in each minute: as its worst consumer; well, where it only emitted. */
function lineOf({ consumers, sources }: Part): (Health | null)[] {
  const lines = [...consumers, ...sources].map(({ minutes }) => minutes.length);
  const length = lines.reduce((most, one) => Math.max(most, one), 0);
  const line: (Health | null)[] = Array(length).fill(null);
  for (const { minutes } of consumers) {
    const before = length - minutes.length;
    for (const [place, minute] of minutes.entries()) {
      const health = minute && healthOfAttempts(minute);
      if (health !== null) line[before + place] = worstOf([line[before + place] ?? health, health]);
    }
  }
  for (const { minutes } of sources) {
    const before = length - minutes.length;
    for (const [place, emitted] of minutes.entries())
      if (emitted !== null && emitted > 0) line[before + place] ??= "ok";
  }
  return line;
}
