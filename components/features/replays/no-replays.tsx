"use client";

import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** What is shown before the first replay: what one is, and where it begins. */
export function NoReplays() {
  const t = useTranslations("replays.empty");
  return (
    <div className="grow bg-surface">
      <EmptyState
        title={t("title")}
        icon={<RotateCcw />}
        actions={
          <Link href="/dead-letters" className={buttonClasses("primary")}>
            {t("toCases")}
          </Link>
        }
      >
        <p>{t("what")}</p>
        <p className="mt-2">{t("how")}</p>
      </EmptyState>
    </div>
  );
}
