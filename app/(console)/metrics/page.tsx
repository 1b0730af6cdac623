import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MetricsPage } from "#components/features/metrics/metrics-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("metrics"))("title") };
}

export default function Page() {
  return <MetricsPage />;
}
