"use client";

import { useQuery } from "@tanstack/react-query";
import { Link2, SearchX, SquareTerminal } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { AttemptList } from "#components/event-detail/attempt-list.tsx";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { EventTabs } from "#components/event-detail/event-tabs.tsx";
import { FlowView } from "#components/event-detail/flow-view.tsx";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { useEventView } from "#components/event-detail/use-event-view.ts";
import { ApiError } from "#components/lib/api-error.ts";
import { curlCommand } from "#components/lib/curl-command.ts";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { caseHref, consumerHref, eventHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { LetterDetailDto, LetterKey } from "#server/contract/dead-letters.ts";
import { BlastRadius } from "./blast-radius.tsx";
import { LetterActions } from "./letter-actions.tsx";
import { LetterEdits } from "./letter-edits.tsx";
import { LetterHistory } from "./letter-history.tsx";
import { LetterPayload } from "./letter-payload.tsx";
import { letterQueries, useRefreshLetters } from "./letter-queries.ts";
import { LetterVerdict } from "./letter-verdict.tsx";
import { PageSection } from "./page-section.tsx";
import { LetterStatusBadge } from "./status-look.tsx";
import { useLiveDeadLetters } from "./use-live-dead-letters.ts";

const PARENT = "/dead-letters/letters?status=parked";

/** One dead letter: why it failed, what it holds up, what it carries, and what was done about it. */
export function LetterPage({ letter }: { letter: LetterKey }) {
  const t = useTranslations("deadLetters.letter");
  const query = useQuery(letterQueries.one(letter));
  const refresh = useRefreshLetters();
  useLiveDeadLetters(refresh);
  if (query.data !== undefined) {
    return (
      <>
        <LetterHead letter={query.data} />
        {query.isRefetchError ? (
          <StaleBanner since={query.dataUpdatedAt} onRetry={query.refetch} isRetrying={query.isFetching} />
        ) : null}
        <LetterBody letter={query.data} />
      </>
    );
  }
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <>
      <PageHeader title={t("title")} />
      {query.isPending ? <TableSkeleton rows={8} label={t("loading")} /> : null}
      {query.error === null || isMissing ? null : (
        <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />
      )}
      {isMissing ? (
        <EmptyState
          title={t("notFound.title")}
          icon={<SearchX />}
          actions={
            <Link href={PARENT} className={buttonClasses()}>
              {t("notFound.toAll")}
            </Link>
          }
        >
          {t("notFound.body")}
        </EmptyState>
      ) : null}
    </>
  );
}

function LetterHead({ letter }: { letter: LetterDetailDto }) {
  const t = useTranslations("deadLetters.letter");
  const { position, consumer } = letter;
  const selection = { kind: "letters" as const, letters: [{ position, consumer }] };
  return (
    <PageHeader
      title={
        <PagePath parentHref={PARENT} parent={t("parent")}>
          <span className="flex min-w-0 items-center gap-1.5">
            <NodeIcon kind="consumer" />
            <span title={consumer} className="truncate">
              {consumer}
            </span>
          </span>
          <span className="min-w-0 font-normal max-md:hidden">
            <TypeName type={letter.type} className="text-xs" />
          </span>
        </PagePath>
      }
      meta={<LetterStatusBadge status={letter.status} />}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 pb-2 md:px-4">
        <nav aria-label={t("links")} className="flex flex-wrap gap-x-4 gap-y-1 text-xs max-md:basis-full">
          <HeadLink href={caseHref(letter.case)}>{t("inCase", { id: letter.case })}</HeadLink>
          <HeadLink href={eventHref(position)}>{t("toEvent")}</HeadLink>
          <HeadLink href={consumerHref(consumer)}>{t("toConsumer")}</HeadLink>
        </nav>
        <span className="flex-1 max-md:hidden" />
        <LetterActions letter={letter} />
        <span className="flex">
          <CopyButton size="md" icon={Link2} label={t("actions.copyLink")} text={() => location.href} />
          <CopyButton
            size="md"
            icon={SquareTerminal}
            label={t("actions.copyCurl")}
            text={() => curlCommand("POST", `${location.origin}/api/v1/replays`, { selection, dryRun: true })}
          />
        </span>
      </div>
    </PageHeader>
  );
}

function HeadLink({ href, children }: { href: string; children: string }) {
  return (
    <Link href={href} className="text-accent hover:underline">
      {children}
    </Link>
  );
}

function LetterBody({ letter }: { letter: LetterDetailDto }) {
  const t = useTranslations("deadLetters.letter.sections");
  const router = useRouter();
  const open = (position: string) => router.push(eventHref(position));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-surface xl:flex xl:overflow-hidden">
      <div className="min-w-0 xl:flex-1 xl:overflow-y-auto">
        <PageSection title={t("error")}>
          <LetterVerdict letter={letter} />
        </PageSection>
        <PageSection title={t("blast")}>
          <BlastRadius letter={letter} />
        </PageSection>
        <PageSection title={t("attempts")}>
          <AttemptList attempts={letter.attemptList} />
        </PageSection>
        {letter.correlationId === null ? null : (
          <PageSection title={t("flow")}>
            <div className="-mx-3 -mb-3 flex h-56 flex-col border-line border-t md:-mx-4">
              <FlowView
                correlationId={letter.correlationId}
                currentPosition={letter.position}
                onOpen={open}
              />
            </div>
          </PageSection>
        )}
        {letter.edits.length === 0 ? null : (
          <PageSection title={t("edits")}>
            <LetterEdits letter={letter} />
          </PageSection>
        )}
        <PageSection title={t("history")}>
          <LetterHistory history={letter.history} />
        </PageSection>
      </div>
      <aside
        aria-label={t("event")}
        className="flex h-[34rem] min-w-0 flex-col xl:h-auto xl:w-[34rem] xl:shrink-0 xl:border-line xl:border-l"
      >
        <EventOfLetter letter={letter} onOpen={open} />
      </aside>
    </div>
  );
}

type EventOfLetterProps = { letter: LetterDetailDto; onOpen: (position: string) => void };

/** The event with everything that is known of it; its payload alone while that is not there. */
function EventOfLetter({ letter, onOpen }: EventOfLetterProps) {
  const event = useQuery(eventQueries.byPosition(letter.position));
  const { tab, setTab } = useEventView();
  if (event.data === undefined) return <LetterPayload letter={letter} />;
  return <EventTabs event={event.data} tab={tab} onTabChange={setTab} onOpen={onOpen} />;
}
