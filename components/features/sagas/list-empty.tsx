"use client";

import { SearchX, Split } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { SagaPageDto } from "#server/contract/sagas.ts";
import { ListFlows } from "./list-flows.tsx";
import { BehindNote } from "./recognised-note.tsx";

type ListEmptyProps = {
  page: SagaPageDto;
  askedAt: number;
  /** What was searched for, as it was typed. */
  search: string;
  /** Null where nothing is left out. */
  onClear: (() => void) | null;
  onCorrelation: () => void;
};

/** A list without sagas: none matches, or none was recognised so far, with how they are. */
export function ListEmpty({
  page: { asOf, recognised },
  askedAt,
  search,
  onClear,
  onCorrelation,
}: ListEmptyProps) {
  const t = useTranslations("sagas.empty");
  const note = (
    <>
      <BehindNote recognised={recognised} />
      <FreshnessNote asOf={asOf} askedAt={askedAt} />
    </>
  );
  if (onClear !== null) {
    return (
      <EmptyState
        title={t("noMatch")}
        icon={<SearchX />}
        actions={<Button onClick={onClear}>{t("clear")}</Button>}
      >
        <ListFlows search={search} />
        {note}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t("title")}
      icon={<Split />}
      actions={
        <>
          <Link href="/scenarios" className={buttonClasses("primary")}>
            {t("toScenarios")}
          </Link>
          <Button onClick={onCorrelation}>{t("correlation")}</Button>
        </>
      }
    >
      <p className="mb-2">{t("what")}</p>
      <p className="mb-2">{t("how")}</p>
      {note}
    </EmptyState>
  );
}
