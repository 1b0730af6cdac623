import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConsumerExplorer } from "#components/features/consumers/consumer-explorer.tsx";
import { consumerQueries } from "#components/features/consumers/consumer-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("consumers"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(consumerQueries.list()),
    client.prefetchQuery(consumerQueries.channels()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ConsumerExplorer />
    </HydrationBoundary>
  );
}
