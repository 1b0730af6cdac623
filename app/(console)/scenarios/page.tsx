import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { scenarioQueries } from "#components/features/scenarios/scenario-queries.ts";
import { ScenariosPage } from "#components/features/scenarios/scenarios-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("scenarios"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(scenarioQueries.list()),
    client.prefetchQuery(scenarioQueries.consumers()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ScenariosPage />
    </HydrationBoundary>
  );
}
