import type { ComponentType } from "react";
import { SequenceView } from "./sequence-view.tsx";
import { TimelineView } from "./timeline-view.tsx";
import type { TraceViewName, TraceViewProps } from "./trace-view.ts";
import { TreeView } from "./tree-view.tsx";

/** What draws each view of a trace. */
export const TRACE_VIEW_COMPONENTS: Record<TraceViewName, ComponentType<TraceViewProps>> = {
  timeline: TimelineView,
  sequence: SequenceView,
  tree: TreeView,
};
