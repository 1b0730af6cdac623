"use client";

import { useTranslations } from "next-intl";
import { Suspense, useEffect, useMemo } from "react";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import { SplitPane } from "#components/ui/split-pane.tsx";
import { PlayBar } from "./play-bar.tsx";
import type { ReadTrace } from "./trace-queries.ts";
import { formatSelection, parseSelection, type TraceSelection } from "./trace-selection.ts";
import { TraceSummary } from "./trace-summary.tsx";
import {
  loadOtherViews,
  SelectionSide,
  StatesPanel,
  TRACE_VIEW_COMPONENTS,
} from "./trace-view-components.ts";
import type { TraceViewState } from "./use-trace-view.ts";

/** Until then the view that is looked at is drawn, also on slow machines. */
const REST_MS = 2_000;

type TraceBodyProps = {
  view: TraceViewState;
  /** The trace as it is. */
  whole: ReadTrace;
  /** As it was at the moment that is played; the same where none is. */
  shown: ReadTrace;
  isCatchingUp: boolean;
};

/** A trace in one of its views, with what is selected beside it, and a bar to play it below. */
export function TraceBody({ view, whole, shown, isCatchingUp }: TraceBodyProps) {
  const t = useTranslations("trace");
  const { selected } = view;
  // The timeline holds still while it is played: it cuts the whole trace off at the moment.
  const drawn = view.view === "timeline" ? whole : shown;
  const selection = useMemo(
    () => (selected === null ? null : parseSelection(drawn.trace, selected)),
    [drawn.trace, selected],
  );
  const selectedThen = useMemo(
    () => (selected === null ? null : parseSelection(shown.trace, selected)),
    [shown.trace, selected],
  );
  const select = (next: TraceSelection | null) =>
    view.select(next === null ? null : formatSelection(drawn.trace, next));
  const View = TRACE_VIEW_COMPONENTS[view.view];
  const loading = <TableSkeleton label={t("loading")} />;
  const states = view.hasStates ? <StatesPanel view={view} /> : null;
  const side =
    selectedThen === null ? (
      states
    ) : (
      <SelectionSide
        answer={shown}
        selection={selectedThen}
        onSelect={(next) => view.select(next === null ? null : formatSelection(shown.trace, next))}
        view={view}
      />
    );
  useEffect(() => {
    const timer = setTimeout(loadOtherViews, REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <SplitPane
        main={
          <div className="flex min-h-0 flex-1 flex-col bg-surface">
            <TraceSummary answer={shown} view={view} />
            <Suspense fallback={loading}>
              <View
                trace={drawn.trace}
                saga={drawn.saga}
                letters={drawn.letters}
                selection={selection}
                onSelect={select}
                atUs={view.atUs}
              />
            </Suspense>
          </div>
        }
        side={side === null ? null : <Suspense fallback={loading}>{side}</Suspense>}
      />
      <PlayBar trace={whole.trace} view={view} isCatchingUp={isCatchingUp} />
    </>
  );
}
