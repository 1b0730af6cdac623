import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OverviewPage } from "#components/features/overview/overview-page.tsx";
import { overviewQueries } from "#components/features/overview/overview-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("overview"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await client.prefetchQuery(overviewQueries.overview());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OverviewPage />
    </HydrationBoundary>
  );
}
