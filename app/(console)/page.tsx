import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OverviewPage } from "#components/features/overview/overview-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("overview"))("title") };
}

/** Read in the browser alone: how long ago something was is other there than here. */
export default function Page() {
  return <OverviewPage />;
}
