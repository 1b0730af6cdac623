"use client";

import { MailCheck, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { CaseListDto } from "#server/contract/failure-cases.ts";
import { type CaseView, FIRST_VIEW, isNarrowed } from "./case-view.ts";

type NoCasesProps = {
  page: CaseListDto;
  askedAt: number;
  view: CaseView;
  onViewChange: (view: CaseView) => void;
};

/** A list without cases: none matches, or there is none, which is good. */
export function NoCases({ page: { asOf, ungrouped }, askedAt, view, onViewChange }: NoCasesProps) {
  const t = useTranslations("deadLetters.cases.none");
  const note = (
    <>
      {ungrouped === 0 ? null : <p>{t("ungrouped", { count: ungrouped })}</p>}
      <FreshnessNote asOf={asOf} askedAt={askedAt} />
    </>
  );
  if (isNarrowed(view)) {
    return (
      <EmptyState
        title={t("noMatch")}
        icon={<SearchX />}
        actions={
          <Button onClick={() => onViewChange({ ...FIRST_VIEW, window: view.window, sort: view.sort })}>
            {t("clear")}
          </Button>
        }
      >
        {note}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t(`title.${view.standing}`)}
      icon={<MailCheck />}
      actions={
        <>
          {view.standing === "all" ? null : (
            <Button onClick={() => onViewChange({ ...view, standing: "all" })}>{t("showAll")}</Button>
          )}
          <Link href="/scenarios" className={buttonClasses()}>
            {t("toScenarios")}
          </Link>
        </>
      }
    >
      <p className="mb-2">{t("what")}</p>
      <p className="mb-2">{t("how")}</p>
      {note}
    </EmptyState>
  );
}
