"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { PageHeader } from "#components/shell/page-header.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** What an address shows whose event is not here, or not any more. */
export function EventNotFound({ wanted }: { wanted?: { id: string; source: string | null } }) {
  const t = useTranslations("event.notFound");
  return (
    <>
      <PageHeader title={t("title")} />
      <EmptyState
        title={wanted === undefined ? t("title") : titleFor(t, wanted)}
        icon={<SearchX />}
        actions={
          <Link href="/events" className={buttonClasses("primary")}>
            {t("search")}
          </Link>
        }
      >
        {t("body")}
      </EmptyState>
    </>
  );
}

function titleFor(
  t: ReturnType<typeof useTranslations<"event.notFound">>,
  { id, source }: { id: string; source: string | null },
): string {
  return source === null ? t("byId", { id }) : t("byIdFrom", { id, source });
}
