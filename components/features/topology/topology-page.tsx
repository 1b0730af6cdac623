"use client";

import { useQuery } from "@tanstack/react-query";
import { GitCompareArrows, History, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { AsOfNote } from "./as-of-note.tsx";
import { FlowTypeBar } from "./flow-type-bar.tsx";
import { NoTopology } from "./no-topology.tsx";
import { PlaybackBar } from "./playback-bar.tsx";
import { SidePanel } from "./side-panel.tsx";
import { TopologyPanes } from "./topology-panes.tsx";
import { topologyQueries, useRefreshTopology } from "./topology-queries.ts";
import { TOPOLOGY_RANGE } from "./topology-range.ts";
import { useTopologyView } from "./topology-view.ts";
import { useComparison } from "./use-comparison.ts";

/** The graph that really runs, who runs it, and what departs from what one would want of it. */
export function TopologyPage() {
  const t = useTranslations("topology");
  const common = useTranslations("common");
  const [range] = useTimeRange(TOPOLOGY_RANGE);
  const [view, setView] = useTopologyView();
  const graph = useQuery(topologyQueries.graph({ range, flowType: view.flow }));
  const verdicts = useQuery(topologyQueries.verdicts(range));
  const findings = useQuery(topologyQueries.findings(range));
  const comparison = useComparison({ range, view, graph: graph.data });
  const refresh = useRefreshTopology();
  // Pausing, resuming and subscribing are told at once.
  useLiveTopic("consumers", refresh);
  const [isFull, toggleFull] = useFullScreen();
  useShortcuts([
    {
      keys: "escape",
      label: common("closePanel"),
      group: "page",
      run: () => {
        if (view.at !== null || view.panel !== null) void setView({ at: null, panel: null });
        else if (isFull) toggleFull();
      },
    },
  ]);

  const isEmpty = graph.data !== undefined && graph.data.nodes.length === 0 && comparison.data === undefined;
  const count = findings.data?.findings.length ?? 0;
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <>
            <TimeRangePicker fallback={TOPOLOGY_RANGE} />
            <Button
              aria-pressed={view.panel === "findings"}
              icon={<TriangleAlert aria-hidden className="size-3.5" />}
              onClick={() => void setView({ panel: "findings", at: null })}
            >
              {t("findings.open", { count })}
            </Button>
            <Button
              aria-pressed={view.compare !== null}
              icon={<GitCompareArrows aria-hidden className="size-3.5" />}
              onClick={() =>
                void setView(
                  view.compare === null
                    ? { compare: "previous", panel: "changes", at: null, beside: null, view: "broker" }
                    : {
                        compare: null,
                        beforeFrom: null,
                        beforeTo: null,
                        panel: null,
                        split: null,
                        view: null,
                      },
                )
              }
            >
              <span className="max-sm:sr-only">{t("comparison.open")}</span>
            </Button>
            <Button
              aria-pressed={view.playback !== null}
              icon={<History aria-hidden className="size-3.5" />}
              onClick={() => void setView({ playback: view.playback === null ? "1h" : null })}
            >
              <span className="max-sm:sr-only">{t("playback.open")}</span>
            </Button>
          </>
        }
      >
        {verdicts.data === undefined || (isEmpty && view.flow === null) ? null : (
          <FlowTypeBar verdicts={verdicts.data} view={view} setView={setView} />
        )}
      </PageHeader>
      <QueryNotices
        query={graph}
        rows={6}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={refresh}
      />
      {graph.data === undefined ? null : (
        <div className={classNames("flex min-h-0 flex-1 flex-col bg-canvas", isFull && "fixed inset-0 z-30")}>
          {isEmpty ? (
            <NoTopology />
          ) : (
            <SplitPane
              initialPercent={34}
              main={
                <TopologyPanes
                  graph={graph.data}
                  updatedAt={graph.dataUpdatedAt}
                  verdicts={verdicts.data}
                  findings={findings.data?.findings ?? []}
                  comparison={comparison.data}
                  range={range}
                  view={view}
                  setView={setView}
                  isFull={isFull}
                  onFull={toggleFull}
                />
              }
              side={
                view.at === null && view.panel === null ? null : (
                  <SidePanel
                    graph={graph.data}
                    verdicts={verdicts}
                    findings={findings}
                    comparison={comparison}
                    view={view}
                    setView={setView}
                  />
                )
              }
            />
          )}
          {view.playback === null ? null : (
            <PlaybackBar
              playback={view.playback}
              onPlayback={(playback) => void setView({ playback })}
              onClose={() => void setView({ playback: null })}
            />
          )}
          <AsOfNote window={graph.data.window} asOf={graph.data.asOf} flows={verdicts.data?.flows} />
        </div>
      )}
    </>
  );
}

/** The picture over everything else, and the browser without its frame where that is allowed. */
function useFullScreen(): [boolean, () => void] {
  const [isFull, setIsFull] = useState(false);
  useEffect(() => {
    const onChange = () => {
      if (document.fullscreenElement === null) setIsFull(false);
    };
    document.addEventListener("fullscreenchange", onChange);
    return () => document.removeEventListener("fullscreenchange", onChange);
  }, []);
  const toggle = () => {
    setIsFull(!isFull);
    if (isFull && document.fullscreenElement !== null) void document.exitFullscreen();
    // Where it is refused, the picture has the whole window all the same.
    if (!isFull) document.documentElement.requestFullscreen?.().catch(() => {});
  };
  return [isFull, toggle];
}
