"use client";

import { Compass } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "./page-header.tsx";

/** What a wrong address shows: the frame stays, so every other page is one click away. */
export function NotFoundNotice() {
  const t = useTranslations("shell.notFound");
  return (
    <>
      <PageHeader title="404" />
      <EmptyState
        title={t("title")}
        icon={<Compass />}
        actions={
          <Link href="/live" className={buttonClasses("primary")}>
            {t("home")}
          </Link>
        }
      >
        {t("body")}
      </EmptyState>
    </>
  );
}
