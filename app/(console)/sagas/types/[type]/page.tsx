import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { MapPage } from "#components/features/sagas/map-page.tsx";
import { MAP_RANGE, mapWindow } from "#components/features/sagas/map-range.ts";
import { sagaQueries } from "#components/features/sagas/saga-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import { parseTimeRange } from "#components/shell/time-range.ts";

type Props = {
  params: Promise<{ type: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { type, map } = await readMap(props);
  return { title: map?.name ?? type };
}

export default async function Page(props: Props) {
  const { type, client } = await readMap(props);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MapPage type={type} />
    </HydrationBoundary>
  );
}

/** Reads the map that the address names, once for everything that asks for it. */
async function readMap({ params, searchParams }: Props) {
  const type = await readType(params);
  const query = await searchParams;
  const read = (name: string) => [query[name]].flat()[0] ?? null;
  const range = parseTimeRange({ range: read("range"), from: read("from"), to: read("to") }, MAP_RANGE);
  const client = getQueryClient();
  const options = sagaQueries.map(type, mapWindow(range, Date.now()));
  await client.prefetchQuery(options);
  return { type, client, map: client.getQueryData(options.queryKey) };
}

async function readType(params: Props["params"]): Promise<string> {
  const { type } = await params;
  try {
    return decodeURIComponent(type);
  } catch {
    return type;
  }
}
