"use client";

import { GitCompareArrows, Link2, SquareTerminal } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { compareTracesHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { type ReadTrace, traceCommand } from "./trace-queries.ts";
import { TRACE_VIEWS } from "./trace-view.ts";
import type { TraceViewState } from "./use-trace-view.ts";

type TraceHeaderProps = { view: TraceViewState; answer: ReadTrace | null; actions: ReactNode };

/** What flow this is, how it is looked at, and what can be done with it. */
export function TraceHeader({ view, answer, actions }: TraceHeaderProps) {
  const t = useTranslations("trace");
  const { reference } = view;
  const kind = t(`correlations.${reference.by}`);
  return (
    <PageHeader
      title={
        <PagePath parentHref="/sagas" parent={t("backToSagas")}>
          {answer === null || answer.name === "" ? (
            <span className="whitespace-nowrap">{t("title")}</span>
          ) : (
            <span className="min-w-0 max-md:hidden">
              <TypeName type={answer.name} className="text-sm" />
            </span>
          )}
          <span
            title={`${kind}: ${reference.value}`}
            className="min-w-0 truncate font-mono font-normal text-sm"
          >
            {answer?.key ?? reference.value}
          </span>
        </PagePath>
      }
      meta={
        <span className="flex shrink-0 items-center gap-1.5">
          {answer === null ? null : <SagaStateBadge state={answer.saga.state} />}
          <CopyButton text={reference.value} label={t("copyValue", { value: kind })} />
        </span>
      }
      actions={
        <>
          <SegmentedControl
            label={t("view")}
            value={view.view}
            onValueChange={view.setView}
            options={TRACE_VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
          />
          {actions}
          <Link href={compareTracesHref(reference)} prefetch={false} className={buttonClasses()}>
            <GitCompareArrows aria-hidden className="size-3.5" />
            <span className="max-2xl:sr-only">{t("compare")}</span>
          </Link>
          <span className="flex max-md:hidden">
            <CopyButton size="md" icon={Link2} label={t("copyLink")} text={() => location.href} />
            <CopyButton
              size="md"
              icon={SquareTerminal}
              label={t("copyCurl")}
              text={() => traceCommand(location.origin, reference, view.atUs)}
            />
          </span>
        </>
      }
    />
  );
}
