"use client";

import { ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** Where events come in, but none that the filter takes. */
export function NothingMatches({ isComplete, onClear }: { isComplete: boolean; onClear: () => void }) {
  const t = useTranslations("live.nothing");
  return (
    <EmptyState
      icon={<ListFilter />}
      title={t("title")}
      actions={<Button onClick={onClear}>{t("clear")}</Button>}
    >
      {t(isComplete ? "body" : "bodyPartly")}
    </EmptyState>
  );
}
