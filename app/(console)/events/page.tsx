import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { isPosition } from "#components/event-detail/event-address.ts";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { EVENTS_RANGE, toListWindow } from "#components/event-detail/list-window.ts";
import { EventExplorer } from "#components/features/events/event-explorer.tsx";
import { parseFilterParams } from "#components/lib/event-filter.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import { parseTimeRange } from "#components/shell/time-range.ts";

type Params = Record<string, string | string[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("events"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const range = parseTimeRange(
    { range: first(params.range), from: first(params.from), to: first(params.to) },
    EVENTS_RANGE,
  );
  const query = { filter: parseFilterParams(params), window: toListWindow(range) };
  const open = first(params.event);
  const client = getQueryClient();
  await Promise.all([
    client.prefetchInfiniteQuery(eventQueries.list(query)),
    open !== null && isPosition(open) ? client.prefetchQuery(eventQueries.byPosition(open)) : null,
  ]);
  const [page] = client.getQueryData(eventQueries.list(query).queryKey)?.pages ?? [];
  if (page?.events.length === 0) await client.prefetchQuery(eventQueries.newest());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EventExplorer />
    </HydrationBoundary>
  );
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
