import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FlowPage } from "#components/features/flows/flow-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { params: Promise<{ correlationid: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("flow");
  return { title: `${t("title")} ${await readId(params)}` };
}

export default async function Page({ params }: Props) {
  const correlationId = await readId(params);
  const client = getQueryClient();
  await client.prefetchQuery(eventQueries.flow(correlationId));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <FlowPage correlationId={correlationId} />
    </HydrationBoundary>
  );
}

/** Parameters of a path arrive as they stand in the address. */
async function readId(params: Props["params"]): Promise<string> {
  const { correlationid } = await params;
  try {
    return decodeURIComponent(correlationid);
  } catch {
    return correlationid;
  }
}
