import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LivePage } from "#components/features/live/live-page.tsx";
import { liveQueries } from "#components/features/live/live-queries.ts";
import { parseFilterParams } from "#components/lib/event-filter.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("live"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const client = getQueryClient();
  await client.prefetchQuery(liveQueries.first(parseFilterParams(await searchParams)));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <LivePage />
    </HydrationBoundary>
  );
}
