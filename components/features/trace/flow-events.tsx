"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { FLOW_ARRANGEMENTS, FLOW_CLOCKS } from "#components/event-detail/flow-rows.ts";
import { FlowNodes } from "#components/event-detail/flow-view.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { StaleBanner } from "#components/ui/stale-banner.tsx";
import { FlowControls } from "./flow-controls.tsx";
import { FlowFacts } from "./flow-facts.tsx";

const REFRESH_MS = 5_000;

const PARAMS = {
  by: parseAsStringLiteral(FLOW_ARRANGEMENTS).withDefault("tree"),
  clock: parseAsStringLiteral(FLOW_CLOCKS).withDefault("recorded"),
};

type FlowEventsProps = {
  correlationId: string;
  currentPosition: string | null;
  onOpen: (position: string) => void;
};

/** The events of a flow from the first to the last: what caused what, and how long each step took. */
export function FlowEvents({ correlationId, currentPosition, onOpen }: FlowEventsProps) {
  const t = useTranslations("flow");
  const [{ by, clock }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  const flow = useQuery({
    ...eventQueries.flow(correlationId),
    // A flow that is cut off shows its first events, which do not change.
    refetchInterval: (query) => (query.state.data?.capped ? false : REFRESH_MS),
  });
  if (flow.isPending) return <TableSkeleton label={t("loading")} />;
  if (flow.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={flow.error} onRetry={flow.refetch} />;
  }
  return (
    <>
      {flow.isRefetchError ? (
        <StaleBanner since={flow.dataUpdatedAt} onRetry={flow.refetch} isRetrying={flow.isFetching} />
      ) : null}
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 md:px-4">
        <FlowControls by={by} clock={clock} setParams={setParams} />
        <FlowFacts flow={flow.data} clock={clock} />
      </div>
      <FlowNodes
        flow={flow.data}
        arrangement={by}
        clock={clock}
        currentPosition={currentPosition}
        onOpen={onOpen}
      />
    </>
  );
}
