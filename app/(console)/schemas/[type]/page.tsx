import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { schemaQueries } from "#components/features/schemas/schema-queries.ts";
import { TypePage } from "#components/features/schemas/type-page.tsx";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { params: Promise<{ type: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: await readType(params) };
}

export default async function Page({ params }: Props) {
  const type = await readType(params);
  const client = getQueryClient();
  const detail = schemaQueries.type(type);
  await client.prefetchQuery(detail);
  const hasSchemas = (client.getQueryData(detail.queryKey)?.policy ?? null) !== null;
  if (hasSchemas) await client.prefetchQuery(schemaQueries.versions(type));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <TypePage type={type} />
    </HydrationBoundary>
  );
}

async function readType(params: Props["params"]): Promise<string> {
  const { type } = await params;
  try {
    return decodeURIComponent(type);
  } catch {
    return type;
  }
}
