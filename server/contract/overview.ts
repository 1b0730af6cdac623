import { z } from "zod";
import { HEALTHS, PROBLEM_KINDS } from "#server/domain/overview/health.ts";
import { asOfSchema } from "./events.ts";
import { metricNameSchema, metricWindowSchema, statSchema } from "./metrics.ts";

const healthSchema = z.enum(HEALTHS);

/** What is wrong, since when, and who is hit. The newest evidence is a page of the console: `href`. */
export const problemStandingSchema = z.object({
  /** The same as long as it lasts. */
  id: z.string(),
  kind: z.enum(PROBLEM_KINDS),
  health: z.enum(["degraded", "failing"]),
  /** What it is about: the consumer, the type of saga, the projection, the error of a case, the name of an alert. */
  subject: z.string(),
  /** Null where that is not known. */
  since: z.string().nullable(),
  /** How much: a share from 0 to 1 for `consumer-failing`, seconds for what is behind or silent, else a count. */
  amount: z.number(),
  /** `amount` as it is as a rule; null where nothing can be said. */
  usual: z.number().nullable(),
  /** Services that are hit, the ones closest to the cause first; at most ten. */
  services: z.array(z.string()),
  /** Flows or keys that are hit; null where that isn't known. */
  affected: z.number().int().nullable(),
  href: z.string(),
});
export type ProblemStandingDto = z.infer<typeof problemStandingSchema>;

export const serviceStandingSchema = z.object({
  /** As the topology names it, with the id of its node. */
  service: z.string(),
  node: z.string(),
  health: healthSchema,
  /** Since when it has been so; null where that is longer than the window, or not known. */
  since: z.string().nullable(),
  /** Health in steps of a minute over the last hour, oldest first; null where nothing was seen. */
  line: z.array(healthSchema.nullable()),
  /** Events that it published, and attempts to hand events to it, a second, mean of the last five minutes. */
  publishedPerSecond: z.number(),
  handledPerSecond: z.number(),
  /** From 0 to 1, of the last five minutes; null without attempts. */
  failureRate: z.number().nullable(),
  /** Seconds, off by at most `relativeError`; null without attempts. */
  p95: z.number().nullable(),
  /** Events that wait for it; null where it consumes nothing. */
  backlog: z.number().int().nullable(),
  problems: z.number().int(),
});
export type ServiceStandingDto = z.infer<typeof serviceStandingSchema>;

/** A figure of the last hour beside the same hour a day and a week ago; null where nothing was counted then. */
export const figureSchema = z.object({
  metric: metricNameSchema,
  stat: statSchema,
  now: z.number().nullable(),
  dayAgo: z.number().nullable(),
  weekAgo: z.number().nullable(),
  /** The hour in steps of a minute, oldest first; of counts without the minute that is not over. */
  line: z.array(z.number().nullable()),
  href: z.string(),
});
export type FigureDto = z.infer<typeof figureSchema>;

export const CHANGE_KINDS = ["new-type", "new-version", "new-source", "new-consumer", "new-error"] as const;

/** Something that was not there before: most failures begin with one. */
export const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  subject: z.string(),
  /** Of a new version, the type; of a new error, the consumer. */
  of: z.string().nullable(),
  at: z.string(),
  href: z.string(),
});
export type ChangeDto = z.infer<typeof changeSchema>;

/** How often the page asks. Who is on call sees within seconds that something is wrong. */
export const OVERVIEW_REFRESH_MS = 2_000;

export const overviewSchema = z.object({
  health: healthSchema,
  /** Since when it has been so; null where that is not known. */
  since: z.string().nullable(),
  /** The most harmful first; at most 50. `moreProblems` were left out. */
  problems: z.array(problemStandingSchema),
  moreProblems: z.number().int(),
  /** The worst first; at most 100. */
  services: z.array(serviceStandingSchema),
  moreServices: z.number().int(),
  figures: z.array(figureSchema),
  /** Of the last 24 hours, newest first; at most 50. */
  changes: z.array(changeSchema),
  window: metricWindowSchema,
  relativeError: z.number(),
  /** Everything that was recorded until then is counted; null as long as nothing was. */
  completeTo: z.string().nullable(),
  asOf: asOfSchema,
});
export type OverviewDto = z.infer<typeof overviewSchema>;
