import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NoSelection } from "#components/features/replays/no-selection.tsx";
import { PlanPage } from "#components/features/replays/plan-page.tsx";
import {
  formatLetterSelection,
  parseLetterSelection,
  toSearchParams,
} from "#components/lib/letter-selection.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("replays.plan"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const selection = parseLetterSelection(toSearchParams(await searchParams));
  if (selection === null) return <NoSelection />;
  // What was typed for one selection is not taken over to another. The cut-off changes while the page is open.
  const key = formatLetterSelection(selection);
  key.delete("upTo");
  return <PlanPage key={key.toString()} selection={selection} />;
}
