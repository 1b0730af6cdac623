"use client";

import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { SagaPageDto } from "#server/contract/sagas.ts";

type Recognised = SagaPageDto["recognised"];

/** Less than this is how it always is. */
const LATE_MS = 5_000;

/** How old what is shown is, where the recognition of sagas lags behind what was recorded. */
export function BehindBadge({ recognised }: { recognised: Recognised | undefined }) {
  const t = useTranslations("sagas.recognised");
  const format = useFormat();
  if (recognised === undefined || recognised.behindMs < LATE_MS) return null;
  return (
    <span title={t("behindHint", { time: format.dateTime(recognised.upTo) })} className="inline-flex">
      <Badge tone="warn">{t("behind", { duration: format.duration(recognised.behindMs) })}</Badge>
    </span>
  );
}

/** The same as a sentence, beside an empty answer. */
export function BehindNote({ recognised }: { recognised: Recognised }) {
  const t = useTranslations("sagas.recognised");
  const format = useFormat();
  if (recognised.behindMs < LATE_MS) return null;
  return (
    <p className="text-warn-ink text-xs">
      {t("behindNote", {
        duration: format.duration(recognised.behindMs),
        time: format.dateTime(recognised.upTo),
      })}
    </p>
  );
}
