"use client";

import { GitCompareArrows, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { compareTracesHref } from "#components/shell/destinations.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { SagaDto } from "#server/contract/sagas.ts";

type ListCompareBarProps = { ticked: readonly SagaDto[]; onClear: () => void };

/** Below the list: which two sagas are to be compared. */
export function ListCompareBar({ ticked, onClear }: ListCompareBarProps) {
  const t = useTranslations("sagas.compare");
  const [left, right] = ticked;
  if (left === undefined) return null;
  const nameOf = ({ key, reference }: SagaDto) => key ?? reference.value;
  return (
    <div
      role="toolbar"
      aria-label={t("label")}
      className="flex min-h-11 shrink-0 items-center gap-2 border-line-strong border-t bg-surface px-3 py-1 text-xs md:px-4"
    >
      <span role="status" className="min-w-0 truncate">
        <span className="font-medium font-mono">{nameOf(left)}</span>{" "}
        {right === undefined ? (
          <span className="text-ink-muted">{t("another")}</span>
        ) : (
          <>
            <span className="text-ink-muted">{t("and")}</span>{" "}
            <span className="font-medium font-mono">{nameOf(right)}</span>
          </>
        )}
      </span>
      <IconButton
        size="sm"
        label={t("clear")}
        icon={<X aria-hidden className="size-3.5" />}
        onClick={onClear}
      />
      <span className="flex-1" />
      {right === undefined ? null : (
        <Link
          href={compareTracesHref(left.reference, right.reference)}
          className={buttonClasses("primary", "sm")}
        >
          <GitCompareArrows aria-hidden className="size-3.5" />
          {t("open")}
        </Link>
      )}
    </div>
  );
}
