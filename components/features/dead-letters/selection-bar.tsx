"use client";

import { Archive, ArchiveRestore, RotateCcw, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { newReplayHref } from "#components/shell/destinations.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { LetterActionDialog } from "./letter-action-dialog.tsx";
import type { LetterAction } from "./letter-queries.ts";
import type { LetterPicking } from "./use-letter-picking.ts";

/** What is selected of a list, and what can be done with it. It is always there, so that nothing moves. */
export function SelectionBar({ picking }: { picking: LetterPicking }) {
  const t = useTranslations("deadLetters.letters.selection");
  const format = useFormat();
  const [asked, setAsked] = useState<LetterAction | null>(null);
  const { selection, count, frozenAt, isFull } = picking;
  return (
    <div
      role="toolbar"
      aria-label={t("label")}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-line border-b bg-surface px-3 py-1 text-xs md:px-4"
    >
      <span role="status" className="text-ink-muted">
        {selection === null ? t("none") : null}
        {selection !== null && frozenAt === null ? t("ticked", { count }) : null}
        {frozenAt === null ? null : t("everything", { count, time: format.clock(frozenAt) })}
        {isFull ? ` ${t("full")}` : null}
      </span>
      {selection === null ? null : (
        <IconButton
          size="sm"
          label={t("clear")}
          icon={<X aria-hidden className="size-3.5" />}
          onClick={picking.clear}
        />
      )}
      {frozenAt === null ? (
        <Button size="sm" variant="ghost" isBusy={picking.isMeasuring} onClick={picking.pickEverything}>
          {t("pickEverything")}
        </Button>
      ) : null}
      {selection === null ? null : (
        <span className="ml-auto flex flex-wrap gap-2">
          <Link href={newReplayHref(selection)} className={buttonClasses("primary", "sm")}>
            <RotateCcw aria-hidden className="size-3.5" />
            {t("replay")}
          </Link>
          <Button
            size="sm"
            icon={<Archive aria-hidden className="size-3.5" />}
            onClick={() => setAsked("discard")}
          >
            {t("discard")}
          </Button>
          <Button
            size="sm"
            icon={<ArchiveRestore aria-hidden className="size-3.5" />}
            onClick={() => setAsked("restore")}
          >
            {t("restore")}
          </Button>
        </span>
      )}
      {asked === null || selection === null ? null : (
        <LetterActionDialog
          action={asked}
          selection={selection}
          onDone={picking.clear}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}
