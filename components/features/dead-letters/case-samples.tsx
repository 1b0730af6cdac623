"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { letterHref } from "#components/shell/destinations.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { LetterSummaryDto } from "#server/contract/dead-letters.ts";
import { letterId } from "./letter-id.ts";
import { LetterPayload } from "./letter-payload.tsx";
import { letterQueries } from "./letter-queries.ts";
import { shortMessage } from "./short-message.ts";
import { LetterStatusBadge } from "./status-look.tsx";

const SHOWN = 5;

/** A few letters of a case with what they carry. The newest is open; what is opened stays open. */
export function CaseSamples({ samples }: { samples: readonly LetterSummaryDto[] }) {
  const t = useTranslations("deadLetters.samples");
  const [first] = samples;
  const [opened, setOpened] = useState<ReadonlySet<string>>(
    () => new Set(first === undefined ? [] : [letterId(first)]),
  );
  if (first === undefined) return <p className="text-ink-muted text-sm">{t("none")}</p>;
  const toggle = (id: string, isOpen: boolean) => {
    const next = new Set(opened);
    if (isOpen) next.add(id);
    else next.delete(id);
    setOpened(next);
  };
  return (
    <ul className="flex flex-col">
      {samples.slice(0, SHOWN).map((letter) => {
        const id = letterId(letter);
        return (
          <li key={id} className="border-line border-t first:border-t-0">
            <details open={opened.has(id)} onToggle={(event) => toggle(id, event.currentTarget.open)}>
              <summary className="cursor-default py-1.5 text-xs marker:text-ink-faint">
                <span className="inline-flex max-w-[calc(100%-1.25rem)] items-center gap-2 align-middle">
                  <Timestamp at={letter.diedAt} shape="relative" />
                  <LetterStatusBadge status={letter.status} />
                  <span className="min-w-0 truncate text-ink-muted">{shortMessage(letter.message)}</span>
                </span>
              </summary>
              {opened.has(id) ? <Peek letter={letter} /> : null}
            </details>
          </li>
        );
      })}
    </ul>
  );
}

function Peek({ letter }: { letter: LetterSummaryDto }) {
  const t = useTranslations("deadLetters.samples");
  const detail = useQuery(letterQueries.one(letter));
  return (
    <div className="mb-2 flex flex-col gap-1">
      {detail.isPending ? <Skeleton className="m-2 w-1/2" /> : null}
      {detail.isLoadingError ? (
        <ErrorNotice title={t("loadFailed")} error={detail.error} onRetry={detail.refetch} />
      ) : null}
      {detail.data === undefined ? null : (
        <div className="h-52 overflow-hidden rounded-md border border-line">
          <LetterPayload letter={detail.data} />
        </div>
      )}
      <Link
        href={letterHref(letter)}
        prefetch={false}
        className="self-start text-accent text-xs hover:underline"
      >
        {t("open")}
      </Link>
    </div>
  );
}
