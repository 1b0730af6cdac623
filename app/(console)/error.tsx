"use client";

import { useTranslations } from "next-intl";
import { PageFailure } from "#components/shell/page-failure.tsx";
import { PageHeader } from "#components/shell/page-header.tsx";

export default function ConsoleError({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("shell.failure");
  return (
    <>
      <PageHeader title={t("short")} />
      <PageFailure error={error} retry={retry} />
    </>
  );
}
