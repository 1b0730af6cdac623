import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { StreamPage } from "#components/features/streams/stream-page.tsx";
import { blockOf, streamQueries } from "#components/features/streams/stream-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = {
  params: Promise<{ type: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { type, id } = await readName(params);
  return { title: `${type} ${id}` };
}

export default async function Page({ params, searchParams }: Props) {
  const { type, id } = await readName(params);
  const { version } = await searchParams;
  const client = getQueryClient();
  const wanted = typeof version === "string" && /^\d{1,9}$/.test(version) ? Number(version) : 1;
  await client.prefetchQuery(streamQueries.block(type, id, blockOf(wanted)));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <StreamPage type={type} id={id} />
    </HydrationBoundary>
  );
}

async function readName(params: Props["params"]): Promise<{ type: string; id: string }> {
  const { type, id } = await params;
  return { type: decode(type), id: decode(id) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
