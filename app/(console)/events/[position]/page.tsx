import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { isPosition } from "#components/event-detail/event-address.ts";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { EventPage } from "#components/features/events/event-page.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import type { EventDetailDto } from "#server/contract/events.ts";

type Props = { params: Promise<{ position: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const event = await findEvent((await params).position);
  if (event === null) return { title: (await getTranslations("event"))("notFound.title") };
  return { title: event.type };
}

export default async function Page({ params }: Props) {
  const { position } = await params;
  const event = await findEvent(position);
  if (event === null) notFound();
  const client = getQueryClient();
  if (event.correlationId !== null) await client.prefetchQuery(eventQueries.flow(event.correlationId));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <EventPage position={position} />
    </HydrationBoundary>
  );
}

async function findEvent(position: string): Promise<EventDetailDto | null> {
  if (!isPosition(position)) return null;
  try {
    return await getQueryClient().fetchQuery(eventQueries.byPosition(position));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
