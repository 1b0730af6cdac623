import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LetterExplorer } from "#components/features/dead-letters/letter-explorer.tsx";
import { readLetterId } from "#components/features/dead-letters/letter-id.ts";
import { letterQueries } from "#components/features/dead-letters/letter-queries.ts";
import { parseLetterFilter } from "#components/lib/letter-filter.ts";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("deadLetters.letters"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const params = toSearchParams(await searchParams);
  const letter = readLetterId(params.get("letter") ?? "");
  const client = getQueryClient();
  await Promise.all([
    client.prefetchInfiniteQuery(letterQueries.list(parseLetterFilter(params))),
    letter === null ? null : client.prefetchQuery(letterQueries.one(letter)),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <LetterExplorer />
    </HydrationBoundary>
  );
}
