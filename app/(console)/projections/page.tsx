import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { projectionQueries } from "#components/features/projections/projection-queries.ts";
import { ProjectionsPage } from "#components/features/projections/projections-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("projections"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(projectionQueries.list()),
    client.prefetchQuery(projectionQueries.outbox()),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ProjectionsPage />
    </HydrationBoundary>
  );
}
