import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CaseExplorer } from "#components/features/dead-letters/case-explorer.tsx";
import { caseQueries } from "#components/features/dead-letters/case-queries.ts";
import { parseCaseView } from "#components/features/dead-letters/case-view.ts";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deadLetters.cases"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const client = getQueryClient();
  await client.prefetchInfiniteQuery(caseQueries.list(parseCaseView(toSearchParams(await searchParams))));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <CaseExplorer />
    </HydrationBoundary>
  );
}
