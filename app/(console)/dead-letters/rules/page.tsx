import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ruleQueries } from "#components/features/failure-rules/rule-queries.ts";
import { RulesPage } from "#components/features/failure-rules/rules-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("failureRules"))("title") };
}

export default async function Page() {
  const client = getQueryClient();
  await client.prefetchQuery(ruleQueries.list());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <RulesPage />
    </HydrationBoundary>
  );
}
