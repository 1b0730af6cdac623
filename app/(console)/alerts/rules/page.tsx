import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RulesPage } from "#components/features/alerts/rules-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("alerts.rules"))("title") };
}

export default function Page() {
  return <RulesPage />;
}
