import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { CasePage } from "#components/features/dead-letters/case-page.tsx";
import { caseQueries } from "#components/features/dead-letters/case-queries.ts";
import { parseCaseView } from "#components/features/dead-letters/case-view.ts";
import { readCaseNumber } from "#components/lib/letter-filter.ts";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("deadLetters.case");
  const [id] = readCaseNumber((await params).id);
  return { title: id === undefined ? t("notFound.title") : t("numbered", { id }) };
}

export default async function Page({ params, searchParams }: Props) {
  const [id] = readCaseNumber((await params).id);
  if (id === undefined) notFound();
  const { window } = parseCaseView(toSearchParams(await searchParams));
  const client = getQueryClient();
  await client.prefetchQuery(caseQueries.one(id, window));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <CasePage id={id} />
    </HydrationBoundary>
  );
}
