"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { AsOfDto } from "#server/contract/events.ts";
import { recordedAt } from "#server/domain/instant.ts";

type FreshnessNoteProps = { asOf: AsOfDto; askedAt: number };

/** Beside an empty answer: how fresh it is, so that it can be believed. */
export function FreshnessNote({ asOf, askedAt }: FreshnessNoteProps) {
  const t = useTranslations("freshness");
  const format = useFormat();
  return (
    <p className="text-ink-faint text-xs">
      {t("asked", { time: format.clock(askedAt) })}{" "}
      {asOf.position === "0" ? null : t("newest", { time: format.dateTime(recordedAt(asOf.position)) })}{" "}
      {asOf.ingestLagMs > 0
        ? t("waiting", { duration: format.duration(asOf.ingestLagMs) })
        : t("nothingWaits")}
    </p>
  );
}
