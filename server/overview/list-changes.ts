import { listNewConsumers, listNewEventSeries, type OpenCaseRow } from "#drizzle/queries/overview-facts.ts";
import type { ChangeDto } from "#server/contract/overview.ts";
import { definitionOf, NO_VALUE, OTHER_VALUE } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";

const DAY_MS = 86_400_000;
export const MAX_CHANGES = 50;
/** Of what is told apart by everything, more are read: several may be of one version. */
const MAX_SERIES = 1_000;
const WHOLE = definitionOf("events").labels.join(",");

/** What was not there a day ago, newest first: types, versions, sources, consumers and errors. At most 50. */
export async function listChanges(
  { sql, clock }: Pick<Context, "sql" | "clock">,
  cases: readonly OpenCaseRow[],
): Promise<ChangeDto[]> {
  const nowMs = clock.now().getTime();
  const since = new Date(nowMs - DAY_MS).toISOString();
  const limit = MAX_CHANGES;
  const [types, sources, whole, consumers] = await Promise.all([
    listNewEventSeries(sql, { since, labelNames: ["type"], limit }),
    listNewEventSeries(sql, { since, labelNames: ["source"], limit }),
    listNewEventSeries(sql, { since, labelNames: [WHOLE], limit: MAX_SERIES }),
    listNewConsumers(sql, { since, limit }),
  ]);
  const newTypes = new Set(types.map(({ labels }) => labels.type));
  const changes: ChangeDto[] = [
    ...types.flatMap(({ labels: { type }, created_at }) =>
      isName(type)
        ? [{ kind: "new-type" as const, subject: type, of: null, at: created_at, href: eventsHref({ type }) }]
        : [],
    ),
    ...sources.flatMap(({ labels: { source }, created_at }) =>
      isName(source)
        ? [
            {
              kind: "new-source" as const,
              subject: source,
              of: null,
              at: created_at,
              href: eventsHref({ source }),
            },
          ]
        : [],
    ),
    // The first version of a type comes with the type.
    ...firstOfEach(whole.filter(({ labels }) => isName(labels.version) && !newTypes.has(labels.type))).map(
      ({ labels: { type = "", version = "" }, created_at }) => ({
        kind: "new-version" as const,
        subject: version,
        of: type,
        at: created_at,
        href: `/schemas/${encodeURIComponent(type)}`,
      }),
    ),
    ...consumers.map(({ consumer, created_at }) => ({
      kind: "new-consumer" as const,
      subject: consumer,
      of: null,
      at: created_at,
      href: `/consumers?consumer=${encodeURIComponent(consumer)}`,
    })),
    ...cases.map(({ id, consumer, message, first_at }) => ({
      kind: "new-error" as const,
      subject: message,
      of: consumer,
      at: first_at,
      href: `/dead-letters/cases/${id}`,
    })),
  ];
  return changes
    .map((change) => ({ ...change, at: new Date(change.at).toISOString() }))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, MAX_CHANGES);
}

function isName(value: string | undefined): value is string {
  return value !== undefined && value !== NO_VALUE && value !== OTHER_VALUE;
}

/** Of each type and version the earliest; the newest come first. */
function firstOfEach<Row extends { labels: Record<string, string> }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row.labels.type} ${row.labels.version}`, row])).values()];
}

function eventsHref(filter: Record<string, string>): string {
  return `/events?${new URLSearchParams(filter)}`;
}
