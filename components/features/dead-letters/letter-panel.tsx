"use client";

import { useQuery } from "@tanstack/react-query";
import { Maximize2, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { AttemptList } from "#components/event-detail/attempt-list.tsx";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { caseHref, letterHref } from "#components/shell/destinations.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { LetterDetailDto, LetterKey } from "#server/contract/dead-letters.ts";
import { LetterActions } from "./letter-actions.tsx";
import { LetterPayload } from "./letter-payload.tsx";
import { letterQueries } from "./letter-queries.ts";
import { LetterStatusBadge } from "./status-look.tsx";

type LetterPanelProps = { letter: LetterKey; onClose: () => void };

/** One dead letter beside the list: why it failed, and what it carries. */
export function LetterPanel({ letter, onClose }: LetterPanelProps) {
  const t = useTranslations("deadLetters.letter");
  const detail = useQuery(letterQueries.one(letter));
  return (
    <section aria-label={t("panel")} className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-col gap-1 border-line border-b px-3 py-2 md:px-4">
        <div className="flex items-center gap-1.5">
          <NodeIcon kind="consumer" className="size-4" />
          <h2 title={letter.consumer} className="min-w-0 truncate font-medium">
            {letter.consumer}
          </h2>
          {detail.data === undefined ? null : <LetterStatusBadge status={detail.data.status} />}
          <span className="flex-1" />
          <Link href={letterHref(letter)} prefetch={false} className={buttonClasses("secondary", "sm")}>
            <Maximize2 aria-hidden className="size-3.5" />
            {t("openPage")}
          </Link>
          <IconButton
            label={t("close")}
            keys="escape"
            icon={<X aria-hidden className="size-4" />}
            onClick={onClose}
          />
        </div>
        {detail.data === undefined ? null : <TypeName type={detail.data.type} className="text-xs" />}
      </header>
      {detail.isPending ? (
        <div role="status" aria-busy aria-label={t("loading")} className="flex flex-col gap-3 p-4">
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
        </div>
      ) : null}
      {detail.isLoadingError ? <Failure error={detail.error} onRetry={detail.refetch} /> : null}
      {detail.data === undefined ? null : <Content letter={detail.data} />}
    </section>
  );
}

function Failure({ error, onRetry }: { error: Error; onRetry: () => unknown }) {
  const t = useTranslations("deadLetters.letter");
  if (error instanceof ApiError && error.status === 404) {
    return <EmptyState title={t("notFound.title")}>{t("notFound.body")}</EmptyState>;
  }
  return <ErrorNotice title={t("loadFailed")} error={error} onRetry={onRetry} />;
}

function Content({ letter }: { letter: LetterDetailDto }) {
  const t = useTranslations("deadLetters.letter");
  return (
    <>
      <div className="flex flex-wrap gap-2 px-3 py-2 md:px-4">
        <LetterActions letter={letter} />
      </div>
      <div className="max-h-[45%] shrink-0 overflow-y-auto border-line border-t px-3 py-2 md:px-4">
        <p className="mb-1 text-xs">
          <Link href={caseHref(letter.case)} className="text-accent hover:underline">
            {t("inCase", { id: letter.case })}
          </Link>
        </p>
        <AttemptList attempts={letter.attemptList} />
      </div>
      <div className="min-h-48 flex-1 border-line border-t">
        <LetterPayload letter={letter} />
      </div>
    </>
  );
}
