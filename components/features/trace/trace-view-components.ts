import { type ComponentType, lazy } from "react";
import { TimelineView } from "./timeline-view.tsx";
import type { TraceViewName, TraceViewProps } from "./trace-view.ts";

const loadSequence = async () => ({ default: (await import("./sequence-view.tsx")).SequenceView });
const loadTree = async () => ({ default: (await import("./tree-view.tsx")).TreeView });
const loadSide = async () => ({ default: (await import("./selection-side.tsx")).SelectionSide });
const loadStates = async () => ({ default: (await import("./states-panel.tsx")).StatesPanel });

/** What draws each view of a trace. The code of the timeline comes with the page, that of the others by itself. */
export const TRACE_VIEW_COMPONENTS: Record<TraceViewName, ComponentType<TraceViewProps>> = {
  timeline: TimelineView,
  sequence: lazy(loadSequence),
  tree: lazy(loadTree),
};

/** What stands beside a trace once it is asked for. */
export const SelectionSide = lazy(loadSide);
export const StatesPanel = lazy(loadStates);

/** Loads what is not seen yet, so that nobody waits for it. */
export function loadOtherViews(): void {
  // What can't be loaded now says so where it is asked for.
  for (const load of [loadSequence, loadTree, loadSide, loadStates]) load().catch(() => {});
}
