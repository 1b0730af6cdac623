"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo } from "react";
import type { TimeRange } from "#components/shell/time-range.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type {
  FindingDto,
  TopologyComparisonDto,
  TopologyDto,
  VerdictsDto,
} from "#server/contract/topology.ts";
import { mergeWindows } from "./build-scene.ts";
import { changesById } from "./picture.ts";
import { PicturePane } from "./picture-pane.tsx";
import { topologyQueries } from "./topology-queries.ts";
import {
  chooseView,
  findFlowType,
  mediationsOf,
  type SetTopologyView,
  type TopologyView,
} from "./topology-view.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

type TopologyPanesProps = {
  graph: TopologyDto;
  updatedAt: number;
  verdicts: VerdictsDto | undefined;
  findings: readonly FindingDto[];
  comparison: TopologyComparisonDto | undefined;
  range: TimeRange;
  view: TopologyView;
  setView: SetTopologyView;
  isFull: boolean;
  onFull: () => void;
};

/** One picture, or two beside each other: two flow types, or two windows. */
export function TopologyPanes(props: TopologyPanesProps) {
  const { comparison, view } = props;
  const merged = useMemo(() => (comparison === undefined ? null : mergeWindows(comparison)), [comparison]);
  if (comparison !== undefined && merged !== null) {
    const isSplit = view.split;
    return (
      <Side>
        {isSplit ? <WindowPane {...props} comparison={comparison} which="before" /> : null}
        {isSplit ? (
          <WindowPane {...props} comparison={comparison} which="after" />
        ) : (
          <FlowPane {...props} graph={{ ...props.graph, ...merged }} flow={view.flow} isFirst />
        )}
      </Side>
    );
  }
  return (
    <Side>
      <FlowPane {...props} flow={view.flow} isFirst />
      {view.beside === null ? null : <BesidePane {...props} flow={view.beside} />}
    </Side>
  );
}

function Side({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col divide-line max-lg:divide-y lg:flex-row lg:divide-x">
      {children}
    </div>
  );
}

/** The flow type on the right; it reads its own graph. */
function BesidePane(props: TopologyPanesProps & { flow: string }) {
  const beside = useQuery(topologyQueries.graph({ range: props.range, flowType: props.flow }));
  if (beside.data === undefined) return null;
  return <FlowPane {...props} graph={beside.data} updatedAt={beside.dataUpdatedAt} isFirst={false} />;
}

type FlowPaneProps = TopologyPanesProps & { flow: string | null; isFirst: boolean };

function FlowPane({ flow, isFirst, graph, updatedAt, comparison, verdicts, ...props }: FlowPaneProps) {
  const t = useTranslations("topology");
  const { view, setView, range, findings, isFull, onFull } = props;
  const flowType = findFlowType(verdicts, flow);
  const judgement = flow === null ? verdicts?.whole : flowType?.judgement;
  const name = flow === null ? t("flowTypes.whole") : (flowType?.type ?? t("flowTypes.unknown"));
  const mediations = useMemo(() => mediationsOf(verdicts, flow), [verdicts, flow]);
  const changes = useMemo(() => changesById(comparison), [comparison]);
  return (
    <PicturePane
      label={t("picture", { name })}
      title={
        <>
          <h2 title={name} className="min-w-0 truncate font-medium text-sm">
            {name}
          </h2>
          {judgement === undefined ? null : (
            <button
              type="button"
              aria-label={t("verdicts.openOf", { name })}
              className="rounded-sm"
              onClick={() => void setView({ panel: "verdict", at: null })}
            >
              <VerdictBadge judgement={judgement} />
            </button>
          )}
        </>
      }
      graph={graph}
      windowSeconds={secondsOf(graph.window, updatedAt)}
      scope={{ range, flowType: flow }}
      mediations={mediations}
      // A comparison is read by channels: a circle has no room for what vanished.
      drawn={comparison === undefined ? chooseView(verdicts, flow, view.view) : "broker"}
      changes={changes}
      findings={findings}
      view={view}
      setView={setView}
      isFull={isFull}
      onFull={isFirst ? onFull : null}
    />
  );
}

type WindowPaneProps = Omit<TopologyPanesProps, "comparison"> & {
  comparison: TopologyComparisonDto;
  which: "before" | "after";
};

/** One of two windows, with everything of both, so that both pictures are laid out alike. */
function WindowPane({ comparison, which, updatedAt, view, setView, range, ...props }: WindowPaneProps) {
  const t = useTranslations("topology");
  const format = useFormat();
  const own = comparison[which];
  const changes = useMemo(() => changesById(comparison), [comparison]);
  const graph = useMemo(() => {
    const other = comparison[which === "before" ? "after" : "before"];
    return { ...own, ...mergeWindows({ before: other, after: own, changes: [] }) };
  }, [comparison, own, which]);
  const name = t(`comparison.${which}Title`, {
    from: format.minute(own.window.from),
    to: format.clock(own.window.to).slice(0, 5),
  });
  return (
    <PicturePane
      label={t("picture", { name })}
      title={
        <h2 title={name} className="min-w-0 truncate font-medium text-sm">
          {name}
        </h2>
      }
      graph={graph}
      windowSeconds={secondsOf(own.window, updatedAt)}
      scope={{ range: which === "after" ? range : { kind: "absolute", ...own.window }, flowType: view.flow }}
      mediations={[]}
      drawn="broker"
      changes={changes}
      findings={which === "after" ? props.findings : []}
      view={view}
      setView={setView}
      isFull={props.isFull}
      onFull={which === "after" ? props.onFull : null}
    />
  );
}

/** How much of a window has passed. */
function secondsOf({ from, to }: { from: string; to: string }, now: number): number {
  return Math.max(1, (Math.min(Date.parse(to), now) - Date.parse(from)) / 1000);
}
