import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AlertsPage } from "#components/features/alerts/alerts-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("alerts.list"))("title") };
}

export default function Page() {
  return <AlertsPage />;
}
