"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { PageHeader } from "#components/shell/page-header.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** In place of a plan whose address names no dead letters, or some that can't be read: none is better than others. */
export function NoSelection() {
  const t = useTranslations("replays");
  return (
    <>
      <PageHeader title={t("plan.title")} />
      <EmptyState
        title={t("noSelection.title")}
        icon={<SearchX />}
        actions={
          <Link href="/dead-letters" className={buttonClasses("primary")}>
            {t("empty.toCases")}
          </Link>
        }
      >
        {t("noSelection.body")}
      </EmptyState>
    </>
  );
}
