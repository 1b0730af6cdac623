"use client";

import { useQuery } from "@tanstack/react-query";
import { Unlink, Workflow } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { flowHref } from "#components/shell/destinations.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import type { FlowDto } from "#server/contract/events.ts";
import { eventQueries } from "./event-queries.ts";
import { flowDurationMs, toFlowRows } from "./flow-rows.ts";
import { FlowTree } from "./flow-tree.tsx";

type FlowViewProps = {
  /** Null for an event that names no flow. */
  correlationId: string | null;
  currentPosition: string | null;
  onOpen: (position: string) => void;
};

/** The flow that an event belongs to, as it stands beside the event. */
export function FlowView({ correlationId, currentPosition, onOpen }: FlowViewProps) {
  const t = useTranslations("flow");
  if (correlationId === null) {
    return (
      <EmptyState title={t("noFlow")} icon={<Workflow />}>
        {t("noFlowHint")}
      </EmptyState>
    );
  }
  return <KnownFlow correlationId={correlationId} currentPosition={currentPosition} onOpen={onOpen} />;
}

type KnownFlowProps = FlowViewProps & { correlationId: string };

function KnownFlow({ correlationId, currentPosition, onOpen }: KnownFlowProps) {
  const t = useTranslations("flow");
  const flow = useQuery(eventQueries.flow(correlationId));
  if (flow.isPending) return <TableSkeleton rows={6} label={t("loading")} />;
  if (flow.isLoadingError)
    return <ErrorNotice title={t("loadFailed")} error={flow.error} onRetry={flow.refetch} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      {flow.isRefetchError ? (
        <StaleBanner since={flow.dataUpdatedAt} onRetry={flow.refetch} isRetrying={flow.isFetching} />
      ) : null}
      <div className="flex shrink-0 items-baseline gap-3 border-line border-b px-3 py-1.5 text-xs md:px-4">
        <FlowSummary flow={flow.data} />
        <Link href={flowHref(correlationId)} className="ml-auto shrink-0 text-accent hover:underline">
          {t("openFlow")}
        </Link>
      </div>
      <FlowNodes flow={flow.data} currentPosition={currentPosition} onOpen={onOpen} />
    </div>
  );
}

/** How many events and how long, in words. */
function FlowSummary({ flow }: { flow: FlowDto }) {
  const t = useTranslations("flow");
  const format = useFormat();
  const durationMs = flowDurationMs(toFlowRows(flow.nodes, "recorded"));
  return (
    <span className="min-w-0 truncate text-ink-muted">
      {t("summary", { count: flow.nodes.length, duration: format.duration(durationMs) })}
    </span>
  );
}

type FlowNodesProps = {
  flow: FlowDto;
  currentPosition: string | null;
  onOpen: (position: string) => void;
};

/** The events of a flow with what must be known about it: that it is cut off, and that causes are missing. */
function FlowNodes({ flow, currentPosition, onOpen }: FlowNodesProps) {
  const t = useTranslations("flow");
  const rows = useMemo(() => toFlowRows(flow.nodes, "recorded"), [flow.nodes]);
  const missing = rows.filter(({ node }) => node.missingCause).length;
  return (
    <>
      {flow.capped ? <Notice>{t("capped", { count: flow.nodes.length })}</Notice> : null}
      <FlowTree
        label={t("treeOf", { id: flow.correlationId })}
        rows={rows}
        arrangement="tree"
        durationMs={flowDurationMs(rows)}
        currentPosition={currentPosition}
        onOpen={onOpen}
      />
      {missing === 0 ? null : (
        <Notice icon={<Unlink aria-hidden className="size-3.5 shrink-0" />}>
          {t("missingCauses", { count: missing })}
        </Notice>
      )}
    </>
  );
}

function Notice({ icon, children }: { icon?: React.ReactNode; children: string }) {
  return (
    <p className="flex shrink-0 items-center gap-2 border-line border-y bg-warn-soft px-3 py-1 text-warn-ink text-xs md:px-4">
      {icon}
      {children}
    </p>
  );
}
