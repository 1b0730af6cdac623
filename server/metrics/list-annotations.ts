import { type AlertSpellRow, listAlertSpells } from "#drizzle/queries/alerts.ts";
import { type AuditedRow, listAuditBetween } from "#drizzle/queries/audit-log.ts";
import type { ANNOTATION_KINDS, AnnotationDto, AnnotationListDto } from "#server/contract/metrics.ts";
import { type Arrival, arrivalHref, groupArrivals } from "#server/domain/metrics/arrivals.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { listArrivals } from "./list-arrivals.ts";

const MAX_ANNOTATIONS = 200;

type Kind = (typeof ANNOTATION_KINDS)[number];

/** What kind of annotation is made of an entry of the audit trail, by the noun of its action. */
const KINDS = new Map<string, Kind>([
  ["replay", "replay"],
  ["fault", "fault"],
  ["failure-rule", "rule"],
  ["failure-rules", "rule"],
  ["subscription", "subscription"],
  ["channel", "subscription"],
  ["schema", "schema"],
  ["schema-policy", "schema"],
  ["scenario", "scenario"],
  ["server", "restart"],
  ["projection", "rebuild"],
  ["alert-rule", "alert-rule"],
]);

/** Steps in a life whose beginning stands there already. */
const LEFT_OUT = ["replay.planned", "fault.removed"];

const MAX_NAMED = 3;

/**
 * What people, rules and the server itself did in a window, which alerts fired, and what was seen for the first time,
 * newest first; at most 200.
 */
export async function listAnnotations(
  { sql }: Pick<Context, "sql">,
  { from, to }: { from: string; to: string },
): Promise<AnnotationListDto> {
  if (Date.parse(from) >= Date.parse(to))
    throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  const limit = MAX_ANNOTATIONS + 1;
  const [rows, spells, arrivals] = await Promise.all([
    listAuditBetween(sql, { from, to, nouns: [...KINDS.keys()], leftOut: LEFT_OUT, limit }),
    listAlertSpells(sql, { from, to, limit }),
    listArrivals({ sql }, { since: from, until: to, limit }),
  ]);
  const all = [
    ...rows.map(toAnnotation),
    ...spells.map(ofAlert),
    ...groupArrivals(arrivals).map(ofArrivals),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
  return { annotations: all.slice(0, MAX_ANNOTATIONS), isCapped: all.length > MAX_ANNOTATIONS };
}

function toAnnotation({ id, at, actor, action, subject, ended_at }: AuditedRow): AnnotationDto {
  const kind = KINDS.get(action.split(".", 1)[0] ?? "") ?? "scenario";
  const name = kind === "replay" ? subject.replace("replay:", "#") : subject;
  return {
    id: `audit:${id}`,
    kind,
    at: new Date(at).toISOString(),
    endedAt: ended_at === null ? null : new Date(ended_at).toISOString(),
    action,
    subject: name,
    more: 0,
    actor,
    href: hrefOf(kind, subject),
  };
}

/** An alert, from when it fired until it was over. */
function ofAlert({ id, rule_name, labels, fired_at, resolved_at }: AlertSpellRow): AnnotationDto {
  const series = Object.values(labels).join(", ");
  return {
    id: `alert:${id}`,
    kind: "alert",
    at: new Date(fired_at).toISOString(),
    endedAt: resolved_at === null ? null : new Date(resolved_at).toISOString(),
    action: "alert.fired",
    subject: series === "" ? rule_name : `${rule_name} (${series})`,
    more: 0,
    actor: null,
    href: `/alerts?alert=${id}`,
  };
}

/** What came along with a deployment, as far as events show it. */
function ofArrivals(group: readonly [Arrival, ...Arrival[]]): AnnotationDto {
  const at = new Date(Math.min(...group.map((one) => Date.parse(one.at)))).toISOString();
  const names = group.map(({ subject, of }) => (of === null ? subject : `${of} ${subject}`));
  return {
    id: `arrival:${at}`,
    kind: "deploy",
    at,
    endedAt: null,
    action: "events.appeared",
    subject: names.slice(0, MAX_NAMED).join(", "),
    more: Math.max(0, names.length - MAX_NAMED),
    actor: null,
    href: arrivalHref(group),
  };
}

/** The page of the console that shows it. */
function hrefOf(kind: Kind, subject: string): string | null {
  const name = encodeURIComponent(subject);
  if (kind === "replay") return `/dead-letters/replays/${subject.replace("replay:", "")}`;
  if (kind === "fault" || kind === "scenario") return "/scenarios";
  if (kind === "alert-rule") return "/alerts/rules";
  if (kind === "rule") return "/dead-letters/rules";
  if (kind === "subscription") return "/consumers";
  if (kind === "schema") return `/schemas/${name}`;
  if (kind === "rebuild") return "/projections";
  return null;
}
