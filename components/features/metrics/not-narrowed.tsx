"use client";

import { useTranslations } from "next-intl";
import type { MetricLabel } from "#server/domain/metrics/catalogue.ts";

/** Says what a chart shows all of, although the page is narrowed: what it measures is not told apart by that. */
export function NotNarrowed({ labels }: { labels: readonly MetricLabel[] }) {
  const t = useTranslations("metrics");
  if (labels.length === 0) return null;
  const names = labels.map((label) => t(`labels.${label}`)).join(", ");
  return <p className="px-3 pb-1 text-warn-ink text-xs">{t("notNarrowed", { labels: names })}</p>;
}
