import { type AuditedRow, listAuditBetween } from "#drizzle/queries/audit-log.ts";
import type { ANNOTATION_KINDS, AnnotationDto, AnnotationListDto } from "#server/contract/metrics.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";

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
  ["alert-rule", "alert"],
]);

/** Steps in a life whose beginning stands there already. */
const LEFT_OUT = new Set(["replay.planned", "fault.removed"]);

/** What people, rules and the server itself did in a window, newest first; at most 200. */
export async function listAnnotations(
  { sql }: Pick<Context, "sql">,
  { from, to }: { from: string; to: string },
): Promise<AnnotationListDto> {
  if (Date.parse(from) >= Date.parse(to))
    throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  const rows = await listAuditBetween(sql, {
    from,
    to,
    nouns: [...KINDS.keys()],
    limit: MAX_ANNOTATIONS + 1,
  });
  return {
    annotations: rows
      .slice(0, MAX_ANNOTATIONS)
      .filter(({ action }) => !LEFT_OUT.has(action))
      .map(toAnnotation),
    isCapped: rows.length > MAX_ANNOTATIONS,
  };
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
    actor,
    href: hrefOf(kind, subject),
  };
}

/** The page of the console that shows it. */
function hrefOf(kind: Kind, subject: string): string | null {
  const name = encodeURIComponent(subject);
  if (kind === "replay") return `/dead-letters/replays/${subject.replace("replay:", "")}`;
  if (kind === "fault" || kind === "scenario") return "/scenarios";
  if (kind === "rule") return "/dead-letters/rules";
  if (kind === "subscription") return "/consumers";
  if (kind === "schema") return `/schemas/${name}`;
  if (kind === "rebuild") return "/projections";
  return null;
}
