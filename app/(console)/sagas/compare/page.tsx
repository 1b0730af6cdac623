import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { toReference } from "#components/features/trace/compare-address.ts";
import { ComparePage } from "#components/features/trace/compare-page.tsx";
import { traceQueries } from "#components/features/trace/trace-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Params = Record<string, string | string[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("compare"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const read = (name: string) => [params[name]].flat()[0] ?? null;
  const side = (name: "left" | "right") =>
    toReference({ value: read(name), by: read(`${name}By`), subject: read(`${name}Subject`) });
  const [left, right] = [side("left"), side("right")];
  const client = getQueryClient();
  if (left !== null && right !== null) await client.prefetchQuery(traceQueries.comparison(left, right));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ComparePage />
    </HydrationBoundary>
  );
}
