import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { readLetterId } from "#components/features/dead-letters/letter-id.ts";
import { LetterPage } from "#components/features/dead-letters/letter-page.tsx";
import { letterQueries } from "#components/features/dead-letters/letter-queries.ts";
import { getQueryClient } from "#components/lib/query-client.ts";

type Props = { params: Promise<{ position: string; consumer: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { consumer } = await params;
  return { title: `${(await getTranslations("deadLetters.letter"))("title")} · ${consumer}` };
}

export default async function Page({ params }: Props) {
  const { position, consumer } = await params;
  const letter = readLetterId(`${position}~${consumer}`);
  if (letter === null) notFound();
  const client = getQueryClient();
  await Promise.all([
    client.prefetchQuery(letterQueries.one(letter)),
    client.prefetchQuery(eventQueries.byPosition(position)),
  ]);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <LetterPage letter={letter} />
    </HydrationBoundary>
  );
}
