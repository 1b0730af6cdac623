import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ANY_TIME, boundsOf } from "#components/features/sagas/list-range.ts";
import { parseSagaView, toSagaFilter } from "#components/features/sagas/list-view.ts";
import { sagaQueries } from "#components/features/sagas/saga-queries.ts";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import { parseTimeRange } from "#components/shell/time-range.ts";
import { ListWithTraces } from "./list-with-traces.tsx";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sagas.list"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const params = toSearchParams(await searchParams);
  const view = parseSagaView(params);
  const range = parseTimeRange(
    { range: params.get("range"), from: params.get("from"), to: params.get("to") },
    ANY_TIME,
  );
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(sagaQueries.counts()),
    // A span that ends now begins at another moment in the browser.
    range.kind === "absolute" &&
      client.prefetchInfiniteQuery(
        sagaQueries.list({ ...toSagaFilter(view), ...boundsOf(range) }, view.sort),
      ),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ListWithTraces />
    </HydrationBoundary>
  );
}
