"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { EarlierProblem } from "./use-chart.ts";

/** Says why a chart shows nothing of the time that it is compared with. */
export function EarlierNote({ problem }: { problem: EarlierProblem }) {
  const t = useTranslations("metrics.compare");
  const common = useTranslations("common");
  const words = useErrorWords();
  if (problem.kind === "unknown") {
    return (
      <p role="status" className="px-3 pb-1 text-ink-muted text-xs">
        {t("unknown")}
      </p>
    );
  }
  return (
    <div role="alert" className="flex items-center gap-2 px-3 pb-1 text-warn-ink text-xs">
      <span className="min-w-0 break-words">{t("unread", { why: words(problem.error) })}</span>
      <Button size="sm" onClick={problem.retry}>
        {common("retry")}
      </Button>
    </div>
  );
}
