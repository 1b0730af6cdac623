import { listNewEventSeries, listNewVersions } from "#drizzle/queries/overview-facts.ts";
import type { Arrival } from "#server/domain/metrics/arrivals.ts";
import { definitionOf, NO_VALUE, OTHER_VALUE } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";

const WHOLE = definitionOf("events").labels.join(",");

/** Types, versions and producers that were counted for the first time since a moment, or between two; of each so many of the newest. */
export async function listArrivals(
  { sql }: Pick<Context, "sql">,
  { since, until = null, limit }: { since: string; until?: string | null; limit: number },
): Promise<Arrival[]> {
  const [types, sources, versions] = await Promise.all([
    listNewEventSeries(sql, { since, until, labelNames: ["type"], limit }),
    listNewEventSeries(sql, { since, until, labelNames: ["source"], limit }),
    listNewVersions(sql, { since, until, labelNames: WHOLE, limit }),
  ]);
  const newTypes = new Set(types.map(({ labels }) => labels.type));
  return [
    ...types.flatMap(({ labels: { type }, created_at }): Arrival[] =>
      isName(type) ? [{ kind: "new-type", subject: type, of: null, at: created_at }] : [],
    ),
    ...sources.flatMap(({ labels: { source }, created_at }): Arrival[] =>
      isName(source) ? [{ kind: "new-source", subject: source, of: null, at: created_at }] : [],
    ),
    // The first version of a type comes with the type.
    ...versions.flatMap(({ type, version, created_at }): Arrival[] =>
      isName(version) && !newTypes.has(type)
        ? [{ kind: "new-version", subject: version, of: type, at: created_at }]
        : [],
    ),
  ];
}

function isName(value: string | undefined): value is string {
  return value !== undefined && value !== NO_VALUE && value !== OTHER_VALUE;
}
