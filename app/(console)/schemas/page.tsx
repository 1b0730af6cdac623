import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SchemaExplorer } from "#components/features/schemas/schema-explorer.tsx";
import { schemaQueries } from "#components/features/schemas/schema-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Params = Record<string, string | string[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("schemas"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const { q } = await searchParams;
  const search = (Array.isArray(q) ? q[0] : q) ?? "";
  const client = getQueryClient();
  await client.prefetchInfiniteQuery(schemaQueries.types(search.trim()));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SchemaExplorer />
    </HydrationBoundary>
  );
}
