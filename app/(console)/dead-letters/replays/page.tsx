import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReplayList } from "#components/features/replays/replay-list.tsx";
import { replayQueries } from "#components/features/replays/replay-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("replays"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(replayQueries.open()),
    client.prefetchInfiniteQuery(replayQueries.ended()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReplayList />
    </HydrationBoundary>
  );
}
