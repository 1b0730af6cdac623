"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { EventPanel } from "#components/event-detail/event-panel.tsx";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FLOW_ARRANGEMENTS, FLOW_CLOCKS } from "#components/event-detail/flow-rows.ts";
import { FlowNodes } from "#components/event-detail/flow-view.tsx";
import { FreshnessNote } from "#components/event-detail/freshness-note.tsx";
import { similarHref } from "#components/event-detail/similar-link.ts";
import { useEventView } from "#components/event-detail/use-event-view.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { FlowDto } from "#server/contract/events.ts";
import { FlowFacts } from "./flow-facts.tsx";

const REFRESH_MS = 5_000;

const PARAMS = {
  by: parseAsStringLiteral(FLOW_ARRANGEMENTS).withDefault("tree"),
  clock: parseAsStringLiteral(FLOW_CLOCKS).withDefault("recorded"),
};

/** One flow from its first event to its last: what caused what, and how long each step took. */
export function FlowPage({ correlationId }: { correlationId: string }) {
  const t = useTranslations("flow");
  const [{ by, clock }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/events" parent={t("backToEvents")}>
            <span className="whitespace-nowrap">{t("title")}</span>
            <span title={correlationId} className="min-w-0 truncate font-mono font-normal text-sm">
              {correlationId}
            </span>
          </PagePath>
        }
        meta={<CopyButton text={correlationId} label={t("copyId")} />}
        actions={
          <>
            <SegmentedControl
              label={t("arrangement")}
              value={by}
              onValueChange={(next) => void setParams({ by: next })}
              options={FLOW_ARRANGEMENTS.map((value) => ({ value, label: t(value) }))}
            />
            <SegmentedControl
              label={t("clock")}
              value={clock}
              onValueChange={(next) => void setParams({ clock: next })}
              options={FLOW_CLOCKS.map((value) => ({ value, label: t(value) }))}
            />
          </>
        }
      />
      <FlowBody correlationId={correlationId}>
        {(flow) => <FlowSplit flow={flow} arrangement={by} clock={clock} />}
      </FlowBody>
    </>
  );
}

type FlowBodyProps = { correlationId: string; children: (flow: FlowDto) => React.ReactNode };

function FlowBody({ correlationId, children }: FlowBodyProps) {
  const t = useTranslations("flow");
  const flow = useQuery({
    ...eventQueries.flow(correlationId),
    // A flow that is cut off shows its first events, which do not change.
    refetchInterval: (query) => (query.state.data?.capped ? false : REFRESH_MS),
  });
  if (flow.isPending) return <TableSkeleton label={t("loading")} />;
  if (flow.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={flow.error} onRetry={flow.refetch} />;
  }
  const isEmpty = flow.data.nodes.length === 0;
  return (
    <>
      {flow.isRefetchError ? (
        <StaleBanner since={flow.dataUpdatedAt} onRetry={flow.refetch} isRetrying={flow.isFetching} />
      ) : null}
      {isEmpty ? (
        <EmptyState title={t("empty")} icon={<SearchX />}>
          <p className="mb-2">{t("emptyHint")}</p>
          <FreshnessNote asOf={flow.data.asOf} askedAt={flow.dataUpdatedAt} />
        </EmptyState>
      ) : (
        children(flow.data)
      )}
    </>
  );
}

type FlowSplitProps = {
  flow: FlowDto;
  arrangement: (typeof FLOW_ARRANGEMENTS)[number];
  clock: (typeof FLOW_CLOCKS)[number];
};

function FlowSplit({ flow, arrangement, clock }: FlowSplitProps) {
  const view = useEventView();
  return (
    <SplitPane
      main={
        <div className="flex min-h-0 flex-1 flex-col bg-surface">
          <FlowFacts flow={flow} clock={clock} />
          <FlowNodes
            flow={flow}
            arrangement={arrangement}
            clock={clock}
            currentPosition={view.position}
            onOpen={view.open}
          />
        </div>
      }
      side={
        view.position === null ? null : (
          <EventPanel
            position={view.position}
            tab={view.tab}
            onTabChange={view.setTab}
            onOpen={view.open}
            onClose={view.close}
            linkToView={() => location.href}
            hrefOfSimilar={similarHref}
          />
        )
      }
    />
  );
}
