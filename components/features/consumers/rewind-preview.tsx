"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { RewindAnswerDto } from "#server/contract/subscriptions.ts";

/** What a rewind would do, in numbers, before anything is done. */
export function RewindPreview({ plan }: { plan: RewindAnswerDto }) {
  const t = useTranslations("consumers.rewind");
  const { redelivers, alsoRewinds } = plan;
  return (
    <div role="status" className="flex gap-2 rounded-md border border-warn bg-warn-soft p-2.5 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn-ink" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">
          {t(redelivers.exact ? "redeliversExactly" : "redeliversAtLeast", { count: redelivers.count })}
        </p>
        <p className="text-ink-muted">{t("consequence")}</p>
        {alsoRewinds.length === 0 ? null : (
          <p className="text-ink-muted">{t("alsoRewinds", { names: alsoRewinds.join(", ") })}</p>
        )}
        <p className="break-all text-ink-muted text-xs">{t("positions", { from: plan.from, to: plan.to })}</p>
      </div>
    </div>
  );
}
