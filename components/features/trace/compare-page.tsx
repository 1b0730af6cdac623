"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight, SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { ApiError } from "#components/lib/api-error.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { TraceReference } from "#server/contract/sagas.ts";
import { CompareChoice } from "./compare-choice.tsx";
import { ComparePayloads } from "./compare-payloads.tsx";
import { CompareSides } from "./compare-sides.tsx";
import { CompareSteps } from "./compare-steps.tsx";
import { CompareVerdict } from "./compare-verdict.tsx";
import { traceQueries } from "./trace-queries.ts";
import { useCompareSides } from "./use-compare-sides.ts";

type Sides = ReturnType<typeof useCompareSides>;

/** Two sagas beside each other: where they part, how long each took, and what their payloads said. */
export function ComparePage() {
  const t = useTranslations("compare");
  const sides = useCompareSides();
  const { left, right, swap } = sides;
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/sagas" parent={t("backToSagas")}>
            <span className="whitespace-nowrap">{t("title")}</span>
          </PagePath>
        }
        actions={
          left === null || right === null ? null : (
            <Button icon={<ArrowLeftRight aria-hidden className="size-3.5" />} onClick={swap}>
              {t("swap")}
            </Button>
          )
        }
      />
      <Content sides={sides} />
    </>
  );
}

function Content({ sides }: { sides: Sides }) {
  const { left, right } = sides;
  if (left !== null && right !== null) return <Comparison left={left} right={right} sides={sides} />;
  return <CompareChoice sides={sides} />;
}

type ComparisonProps = { left: TraceReference; right: TraceReference; sides: Sides };

function Comparison({ left, right, sides }: ComparisonProps) {
  const t = useTranslations("compare");
  const query = useQuery(traceQueries.comparison(left, right));
  if (query.isPending) return <TableSkeleton label={t("loading")} />;
  if (query.isLoadingError) {
    const { error, refetch } = query;
    if (error instanceof ApiError && error.status === 404) return <Missing sides={sides} />;
    return <ErrorNotice title={t("loadFailed")} error={error} onRetry={refetch} />;
  }
  const read = query.data;
  return (
    <>
      {query.isRefetchError ? (
        <StaleBanner since={query.dataUpdatedAt} onRetry={query.refetch} isRetrying={query.isFetching} />
      ) : null}
      <div className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto flex max-w-6xl flex-col gap-4 p-3 md:p-4">
          <CompareSides read={read} sides={sides} />
          <CompareVerdict read={read} />
          <CompareSteps read={read} />
          <ComparePayloads read={read} />
        </div>
      </div>
    </>
  );
}

function Missing({ sides }: { sides: Sides }) {
  const t = useTranslations("compare");
  const names = [sides.left, sides.right].flatMap((side) => (side === null ? [] : [side.value]));
  return (
    <EmptyState title={t("missing")} icon={<SearchX />}>
      <p className="wrap-anywhere mb-2 font-mono text-xs">{names.join(" · ")}</p>
      <p>{t("missingHint")}</p>
    </EmptyState>
  );
}
