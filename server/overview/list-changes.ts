import { listNewConsumers, type OpenCaseRow } from "#drizzle/queries/overview-facts.ts";
import type { ChangeDto } from "#server/contract/overview.ts";
import { type Arrival, arrivalHref } from "#server/domain/metrics/arrivals.ts";
import type { Context } from "#server/platform/context.ts";
import { listArrivals } from "../metrics/list-arrivals.ts";

const DAY_MS = 86_400_000;
export const MAX_CHANGES = 50;

/** What was not there a day ago: types, versions, sources and consumers. */
export async function listChanges({ sql, clock }: Pick<Context, "sql" | "clock">): Promise<ChangeDto[]> {
  const nowMs = clock.now().getTime();
  const since = new Date(nowMs - DAY_MS).toISOString();
  const limit = MAX_CHANGES;
  const [arrivals, consumers] = await Promise.all([
    listArrivals({ sql }, { since, limit }),
    listNewConsumers(sql, { since, limit }),
  ]);
  return [
    ...arrivals.map((arrival) => ({ ...arrival, href: hrefOf(arrival) })),
    ...consumers.map(({ consumer, created_at }) => ({
      kind: "new-consumer" as const,
      subject: consumer,
      of: null,
      at: created_at,
      href: `/consumers?consumer=${encodeURIComponent(consumer)}`,
    })),
  ];
}

/** Changes and the errors that are new among them, newest first, at most 50. */
export function withNewErrors(changes: readonly ChangeDto[], cases: readonly OpenCaseRow[]): ChangeDto[] {
  const errors = cases.map(({ id, consumer, message, first_at }) => ({
    kind: "new-error" as const,
    subject: message,
    of: consumer,
    at: first_at,
    href: `/dead-letters/cases/${id}`,
  }));
  return [...changes, ...errors]
    .map((change) => ({ ...change, at: new Date(change.at).toISOString() }))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, MAX_CHANGES);
}

/** What a version is like is shown where types are; of others, the first events. */
function hrefOf(arrival: Arrival): string {
  const { kind, of } = arrival;
  return kind === "new-version" ? `/schemas/${encodeURIComponent(of ?? "")}` : arrivalHref([arrival]);
}
