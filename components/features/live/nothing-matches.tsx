"use client";

import { ListFilter } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { EventConditions } from "#components/lib/event-filter.ts";
import { searchHref } from "#components/shell/destinations.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

type NothingMatchesProps = { filter: EventConditions; isComplete: boolean; onClear: () => void };

/** Where events come in, but none that the filter takes. */
export function NothingMatches({ filter, isComplete, onClear }: NothingMatchesProps) {
  const t = useTranslations("live.nothing");
  return (
    <EmptyState
      icon={<ListFilter />}
      title={t("title")}
      actions={
        <>
          <Button onClick={onClear}>{t("clear")}</Button>
          {isComplete ? null : (
            <Link href={searchHref(filter)} prefetch={false} className={buttonClasses()}>
              {t("search")}
            </Link>
          )}
        </>
      }
    >
      {t(isComplete ? "body" : "bodyPartly")}
    </EmptyState>
  );
}
