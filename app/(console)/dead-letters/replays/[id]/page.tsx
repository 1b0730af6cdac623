import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ReplayPage } from "#components/features/replays/replay-page.tsx";
import { replayQueries } from "#components/features/replays/replay-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const id = readId((await params).id);
  return { title: id === null ? undefined : (await getTranslations("replays"))("replay", { id }) };
}

export default async function Page({ params }: Props) {
  const id = readId((await params).id);
  if (id === null) notFound();
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(replayQueries.replay(id)),
    client.prefetchInfiniteQuery(replayQueries.items(id, "all")),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ReplayPage id={id} />
    </HydrationBoundary>
  );
}

function readId(text: string): number | null {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
}
