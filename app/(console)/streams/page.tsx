import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { StreamExplorer } from "#components/features/streams/stream-explorer.tsx";
import { streamQueries } from "#components/features/streams/stream-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Params = Record<string, string | string[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("streams"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const { q } = await searchParams;
  const search = (Array.isArray(q) ? q[0] : q) ?? "";
  const client = getQueryClient();
  await client.prefetchInfiniteQuery(streamQueries.list(search.trim()));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <StreamExplorer />
    </HydrationBoundary>
  );
}
