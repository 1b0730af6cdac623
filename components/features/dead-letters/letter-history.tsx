"use client";

import { Archive, ArchiveRestore, type LucideIcon, MailWarning, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { caseHref, replayHref } from "#components/shell/destinations.ts";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { LetterHistoryDto } from "#server/contract/dead-letters.ts";

const ICONS: Record<LetterHistoryDto["kind"], LucideIcon> = {
  died: MailWarning,
  replayed: RotateCcw,
  discarded: Archive,
  restored: ArchiveRestore,
};

/** What became of a letter and who did what, oldest first. */
export function LetterHistory({ history }: { history: readonly LetterHistoryDto[] }) {
  const t = useTranslations("deadLetters.history");
  return (
    <ol aria-label={t("label")} className="flex flex-col">
      {history.map((entry) => {
        const Icon = ICONS[entry.kind];
        return (
          <li
            key={`${entry.kind} ${entry.at}`}
            className="flex gap-2 border-line border-t py-1.5 text-sm first:border-t-0"
          >
            <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-faint" />
            <div className="min-w-0 flex-1">
              <Entry entry={entry} />
            </div>
            <Timestamp at={entry.at} shape="minute" className="shrink-0 text-ink-faint text-xs" />
          </li>
        );
      })}
    </ol>
  );
}

function Entry({ entry }: { entry: LetterHistoryDto }) {
  const t = useTranslations("deadLetters.history");
  const link = (href: string) => (words: ReactNode) => (
    <Link href={href} prefetch={false} className="text-accent hover:underline">
      {words}
    </Link>
  );
  switch (entry.kind) {
    case "died":
      return (
        <>
          <p>
            {entry.case === null
              ? t("died")
              : t.rich("diedInCase", { id: entry.case, link: link(caseHref(entry.case)) })}
          </p>
          <p className="wrap-anywhere text-ink-muted text-xs">{entry.message}</p>
        </>
      );
    case "replayed":
      return (
        <>
          <p>
            {t.rich(entry.isEdited ? "replayedEdited" : "replayed", {
              id: entry.replay,
              by: entry.by,
              link: link(replayHref(entry.replay)),
            })}{" "}
            <span className="font-medium">{t(`outcomes.${entry.outcome ?? "none"}`)}</span>{" "}
            {entry.newCase === null
              ? null
              : t.rich("newCase", { id: entry.newCase, link: link(caseHref(entry.newCase)) })}
          </p>
          <Reason reason={entry.reason} />
        </>
      );
    case "discarded":
    case "restored":
      return (
        <>
          <p>{t(entry.kind, { by: entry.by })}</p>
          <Reason reason={entry.reason} />
        </>
      );
  }
}

function Reason({ reason }: { reason: string }) {
  if (reason === "") return null;
  return <p className="wrap-anywhere text-ink-muted text-xs">{reason}</p>;
}
