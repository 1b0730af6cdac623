import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DestinationsPage } from "#components/features/alerts/destinations-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("alerts.destinations"))("title") };
}

export default function Page() {
  return <DestinationsPage />;
}
