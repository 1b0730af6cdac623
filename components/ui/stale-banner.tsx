"use client";

import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "./button.tsx";
import { useFormat } from "./format-context.tsx";
import { useNow } from "./use-now.ts";

type StaleBannerProps = {
  since: number;
  /** An answer may still come. */
  isAwaited?: boolean;
  onRetry?: () => unknown;
  isRetrying?: boolean;
};

/** Over data that could not be refreshed: how old it is, and a way to try again. */
export function StaleBanner({ since, isAwaited = false, onRetry, isRetrying }: StaleBannerProps) {
  const t = useTranslations("common");
  const format = useFormat();
  const now = useNow();
  return (
    <div className="flex shrink-0 items-center gap-2 border-warn border-b bg-warn-soft px-3 py-1 text-warn-ink text-xs">
      <History aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0">
        {t(isAwaited ? "awaited" : "stale", { time: format.clock(since), ago: format.relative(since, now) })}
      </span>
      {onRetry === undefined ? null : (
        <Button size="sm" isBusy={isRetrying} onClick={() => void onRetry()}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
