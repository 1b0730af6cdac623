import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TopologyPage } from "#components/features/topology/topology-page.tsx";
import { topologyQueries } from "#components/features/topology/topology-queries.ts";
import { TOPOLOGY_RANGE } from "#components/features/topology/topology-range.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import { parseTimeRange } from "#components/shell/time-range.ts";

type Params = Record<string, string | string[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("topology"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const read = (name: string) => [params[name]].flat()[0] ?? null;
  const range = parseTimeRange({ range: read("range"), from: read("from"), to: read("to") }, TOPOLOGY_RANGE);
  const client = getQueryClient();
  await client.prefetchQuery(topologyQueries.graph({ range, flowType: read("flow") }));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <TopologyPage />
    </HydrationBoundary>
  );
}
