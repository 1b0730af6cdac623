import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { EventNotFound } from "#components/features/events/event-not-found.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { getQueryClient } from "#components/lib/query-client.ts";
import { eventHref } from "#components/shell/destinations.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("event"))("notFound.title") };
}

/** Leads from the identity of an event, as logs and other systems know it, to its address here. */
export default async function Page({ searchParams }: Props) {
  const params = await searchParams;
  const id = first(params.id);
  const source = first(params.source);
  if (id === null) notFound();
  const position = await findPosition(id, source);
  if (position !== null) redirect(eventHref(position));
  return <EventNotFound wanted={{ id, source }} />;
}

async function findPosition(id: string, source: string | null): Promise<string | null> {
  try {
    return (await getQueryClient().fetchQuery(eventQueries.byId(id, source))).position;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500) return null;
    throw error;
  }
}

function first(value: string | string[] | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined || text === "" ? null : text;
}
