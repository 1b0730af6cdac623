"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { readDigest } from "#components/lib/error-digest.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

type PageFailureProps = { error: unknown; retry: () => void };

/** What a page shows when rendering it failed: that the rest works, a way to try again, and the log's reference. */
export function PageFailure({ error, retry }: PageFailureProps) {
  const t = useTranslations("shell.failure");
  const common = useTranslations("common");
  const digest = readDigest(error);
  return (
    <div role="alert">
      <EmptyState
        title={t("title")}
        icon={<TriangleAlert />}
        actions={
          <Button variant="primary" onClick={retry}>
            {common("retry")}
          </Button>
        }
      >
        <p>{t("body")}</p>
        {digest === null ? null : <p className="mt-1 font-mono text-xs">{t("digest", { digest })}</p>}
      </EmptyState>
    </div>
  );
}
