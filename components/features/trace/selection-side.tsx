"use client";

import { EventPanel } from "#components/event-detail/event-panel.tsx";
import { similarHref } from "#components/event-detail/similar-link.ts";
import { SelectionPanel } from "./selection-panel.tsx";
import type { ReadTrace } from "./trace-queries.ts";
import type { TraceSelection } from "./trace-selection.ts";
import type { TraceViewState } from "./use-trace-view.ts";

type SelectionSideProps = {
  answer: ReadTrace;
  selection: TraceSelection;
  onSelect: (selection: TraceSelection | null) => void;
  view: TraceViewState;
};

/** What is selected in a trace: an event with all that is known of it, or how a step went. */
export function SelectionSide({ answer, selection, onSelect, view }: SelectionSideProps) {
  const position = selection.kind === "event" ? answer.trace.events[selection.event]?.position : undefined;
  if (position === undefined)
    return <SelectionPanel answer={answer} selection={selection} onSelect={onSelect} />;
  return (
    <EventPanel
      position={position}
      tab={view.tab}
      onTabChange={view.setTab}
      onOpen={(next) => view.select(`event/${next}`)}
      onClose={() => onSelect(null)}
      linkToView={() => location.href}
      hrefOfSimilar={similarHref}
    />
  );
}
