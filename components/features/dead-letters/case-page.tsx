"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { ApiError } from "#components/lib/api-error.ts";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { AuditTrail } from "#components/shell/audit-trail.tsx";
import { letterHref, lettersHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { CASE_WINDOWS, type CaseDetailDto, type CaseWindow } from "#server/contract/failure-cases.ts";
import { Affected } from "./affected.tsx";
import { CaseActions } from "./case-actions.tsx";
import { CaseError } from "./case-error.tsx";
import { CaseFacts } from "./case-facts.tsx";
import { CaseNotes } from "./case-notes.tsx";
import { caseQueries, useRefreshCases } from "./case-queries.ts";
import { CaseSamples } from "./case-samples.tsx";
import { DEFAULT_WINDOW } from "./case-view.ts";
import { CommonFields } from "./common-fields.tsx";
import { LetterList } from "./letter-list.tsx";
import { PageSection } from "./page-section.tsx";
import { RateChart } from "./rate-chart.tsx";
import { CaseStatusBadge, FailingNowBadge, ReturnsBadge } from "./status-look.tsx";
import { useLiveDeadLetters } from "./use-live-dead-letters.ts";

/** One failure case: what fails and why, whom it hurts, who has it, and what can be done. */
export function CasePage({ id }: { id: number }) {
  const t = useTranslations("deadLetters.case");
  const [window, setWindow] = useQueryState(
    "window",
    parseAsStringLiteral(CASE_WINDOWS).withDefault(DEFAULT_WINDOW).withOptions({ history: "replace" }),
  );
  const query = useQuery(caseQueries.one(id, window));
  const refresh = useRefreshCases();
  useLiveDeadLetters(refresh);
  if (query.data !== undefined) {
    return (
      <>
        <CaseHead failureCase={query.data} />
        {query.isRefetchError ? (
          <StaleBanner since={query.dataUpdatedAt} onRetry={query.refetch} isRetrying={query.isFetching} />
        ) : null}
        <CaseBody failureCase={query.data} window={window} onWindowChange={(next) => void setWindow(next)} />
      </>
    );
  }
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <>
      <PageHeader title={t("numbered", { id })} />
      {query.isPending ? <TableSkeleton rows={8} label={t("loading")} /> : null}
      {query.error === null || isMissing ? null : (
        <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />
      )}
      {isMissing ? (
        <EmptyState
          title={t("notFound.title")}
          icon={<SearchX />}
          actions={
            <Link href="/dead-letters" className={buttonClasses()}>
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

function CaseHead({ failureCase }: { failureCase: CaseDetailDto }) {
  const t = useTranslations("deadLetters");
  return (
    <PageHeader
      title={
        <PagePath parentHref="/dead-letters" parent={t("cases.title")}>
          {t("case.numbered", { id: failureCase.id })}
        </PagePath>
      }
      meta={
        <span className="flex shrink-0 items-center gap-1.5">
          <CaseStatusBadge failureCase={failureCase} />
          <FailingNowBadge failureCase={failureCase} />
          <ReturnsBadge failureCase={failureCase} />
        </span>
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-3 pb-2 md:px-4">
        <span className="flex min-w-0 items-center gap-1.5 max-md:basis-full">
          <NodeIcon kind="consumer" />
          <span title={failureCase.consumer} className="truncate font-medium text-sm">
            {failureCase.consumer}
          </span>
          <TypeName type={failureCase.type} className="text-ink-muted text-xs" />
        </span>
        <span className="flex-1 max-md:hidden" />
        <CaseActions failureCase={failureCase} />
      </div>
    </PageHeader>
  );
}

type CaseBodyProps = {
  failureCase: CaseDetailDto;
  window: CaseWindow;
  onWindowChange: (window: CaseWindow) => void;
};

function CaseBody({ failureCase, window, onWindowChange }: CaseBodyProps) {
  const t = useTranslations("deadLetters.case.sections");
  const windows = useTranslations("timeRange.preset");
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
      <div className="grid grid-cols-1 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 xl:border-line xl:border-r">
          <PageSection title={t("error")}>
            <CaseError failureCase={failureCase} />
          </PageSection>
          <PageSection title={t("fields")}>
            <CommonFields id={failureCase.id} />
          </PageSection>
          <PageSection
            title={t("rate")}
            actions={
              <SegmentedControl
                label={t("window")}
                value={window}
                onValueChange={onWindowChange}
                options={CASE_WINDOWS.map((value) => ({ value, label: windows(value) }))}
              />
            }
          >
            <RateChart series={failureCase.series} buckets={failureCase.buckets} />
          </PageSection>
          <PageSection title={t("samples")}>
            <CaseSamples samples={failureCase.samples} />
          </PageSection>
        </div>
        <aside className="min-w-0">
          <PageSection title={t("facts")}>
            <CaseFacts failureCase={failureCase} />
          </PageSection>
          <PageSection title={t("affected")}>
            <Affected failureCase={failureCase} />
          </PageSection>
          <PageSection title={t("notes")}>
            <CaseNotes failureCase={failureCase} />
          </PageSection>
          <PageSection title={t("done")}>
            <AuditTrail subject={`failure-case:${failureCase.id}`} topic="dead-letters" />
          </PageSection>
        </aside>
      </div>
      <CaseLetters failureCase={failureCase} />
    </div>
  );
}

function CaseLetters({ failureCase: { id } }: { failureCase: CaseDetailDto }) {
  const t = useTranslations("deadLetters.case.sections");
  const router = useRouter();
  const [cursor, setCursor] = useState<string | null>(null);
  const [filter] = useState({ case: [id] });
  return (
    <section aria-label={t("letters")}>
      <div className="flex items-center justify-between gap-2 px-3 pt-3 pb-1 md:px-4">
        <h2 className="font-medium text-ink-muted text-xs">{t("letters")}</h2>
        <Link
          href={lettersHref({ status: ["parked"], case: [id] })}
          className="text-accent text-xs hover:underline"
        >
          {t("openLetters")}
        </Link>
      </div>
      <div className="flex h-[26rem] flex-col border-line border-b">
        <LetterList
          filter={filter}
          without={WITHOUT}
          activeId={cursor}
          onActiveChange={setCursor}
          onOpen={(letter) => router.push(letterHref(letter))}
        />
      </div>
    </section>
  );
}

const WITHOUT = ["consumer", "type", "case"];
