import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { comparisonQueries, DEFAULT_MINUTES } from "#components/features/scenarios/comparison-queries.ts";
import { scenarioQueries } from "#components/features/scenarios/scenario-queries.ts";
import { ScenariosPage } from "#components/features/scenarios/scenarios-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("scenarios"))("title") };
}

type Params = { view?: string; minutes?: string };

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const { view, minutes } = await searchParams;
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(scenarioQueries.list()),
    client.prefetchQuery(scenarioQueries.consumers()),
    ...(view === "comparison" && minutes === undefined
      ? [client.prefetchQuery(comparisonQueries.of(DEFAULT_MINUTES))]
      : []),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ScenariosPage />
    </HydrationBoundary>
  );
}
