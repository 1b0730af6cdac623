"use client";

import { Search, SearchX, Unlink } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import {
  FLOW_ARRANGEMENTS,
  FLOW_CLOCKS,
  type FlowNode,
  flowDurationMs,
  toFlowList,
  toFlowRows,
} from "#components/event-detail/flow-rows.ts";
import { FlowTree } from "#components/event-detail/flow-tree.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { CauseDifference } from "./cause-difference.tsx";
import { FlowControls } from "./flow-controls.tsx";
import { useGapWords } from "./gap-list.tsx";
import { findNodes, gapsByPosition, toFlowNodes, withCauses } from "./trace-nodes.ts";
import { eventOf } from "./trace-selection.ts";
import type { TraceViewProps } from "./trace-view.ts";

const PARAMS = {
  by: parseAsStringLiteral(FLOW_ARRANGEMENTS).withDefault("tree"),
  clock: parseAsStringLiteral(FLOW_CLOCKS).withDefault("recorded"),
  find: parseAsString.withDefault(""),
};

/** The events of a trace as a tree by cause or as a log, with what changed between a cause and its effect. */
export function TreeView({ trace, selection, onSelect }: TraceViewProps) {
  const t = useTranslations("traceTree");
  const [{ by, clock, find }, setParams] = useQueryStates(PARAMS, { history: "replace" });
  const sought = useDeferredValue(find);
  const nodes = useMemo(() => toFlowNodes(trace), [trace]);
  const found = useMemo(() => (sought === "" ? null : findNodes(trace, sought)), [trace, sought]);
  const rows = useMemo(() => {
    const drawn = found !== null && by === "tree" ? withCauses(nodes, found) : found;
    const tree = toFlowRows(nodes, clock, (node) => drawn === null || drawn.has(node.position));
    return by === "tree" ? tree : toFlowList(tree);
  }, [nodes, found, by, clock]);
  const details = useDetails(trace);
  const gapOf = useGaps(trace);
  const event = selection === null ? null : eventOf(trace, selection);
  const open = (position: string) => {
    const index = trace.events.findIndex((each) => each.position === position);
    if (index !== -1) onSelect({ kind: "event", event: index });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 md:px-4">
        <FlowControls by={by} clock={clock} setParams={setParams} />
        <Input
          type="search"
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={find}
          onChange={({ target }) => void setParams({ find: target.value === "" ? null : target.value })}
          icon={<Search aria-hidden className="size-3.5" />}
          className="w-full sm:w-64"
        />
        <Counts trace={trace} found={found?.size ?? null} />
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t("nothingFound")} icon={<SearchX />}>
          {t("nothingFoundHint")}
        </EmptyState>
      ) : (
        <FlowTree
          label={t(by === "tree" ? "treeLabel" : "logLabel", { count: rows.length })}
          rows={rows}
          arrangement={by}
          durationMs={flowDurationMs(rows)}
          currentPosition={event === null ? null : (trace.events[event]?.position ?? null)}
          onOpen={open}
          gapOf={gapOf}
          details={details}
        />
      )}
    </div>
  );
}

/** How many events are seen, and in how many it is not known what led to them. */
function Counts({ trace, found }: { trace: Trace; found: number | null }) {
  const t = useTranslations("traceTree");
  const format = useFormat();
  const all = trace.events.length;
  const loose = gapsByPosition(trace).size;
  return (
    <p className="ml-auto flex items-center gap-3 text-ink-muted text-xs">
      {found === null ? t("events", { count: all }) : t("found", { found: format.number(found), count: all })}
      {loose === 0 ? null : (
        <span className="flex items-center gap-1 text-warn-ink">
          <Unlink aria-hidden className="size-3.5" />
          {t("gaps", { count: loose })}
        </span>
      )}
    </p>
  );
}

function useGaps(trace: Trace): (node: FlowNode) => string | null {
  const words = useGapWords();
  const gaps = useMemo(() => gapsByPosition(trace), [trace]);
  return ({ position }) => {
    const gap = gaps.get(position);
    return gap === undefined ? null : words(gap);
  };
}

const NOTHING_OPEN: ReadonlySet<string> = new Set();

function useDetails(trace: Trace) {
  const t = useTranslations("traceTree");
  const [opened, setOpened] = useState(NOTHING_OPEN);
  const places = useMemo(
    () => new Map(trace.events.map(({ position }, index) => [position, index])),
    [trace],
  );
  const causeOf = (position: string) => {
    const cause = trace.events[places.get(position) ?? -1]?.cause;
    return cause === undefined || cause === null ? null : (trace.events[cause] ?? null);
  };
  return {
    opened,
    label: t("showDifferences"),
    onToggle: (position: string) =>
      setOpened((before) => {
        const next = new Set(before);
        if (!next.delete(position)) next.add(position);
        return next;
      }),
    render: ({ position }: FlowNode) => <CauseDifference position={position} cause={causeOf(position)} />,
  };
}
