"use client";

import { CirclePlay, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import { Handle, type Node, type NodeProps, Position } from "reactflow";
import { SAGA_LOOKS } from "#components/lib/saga-state.tsx";
import { readStepName, serviceName } from "#components/lib/step-name.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { isCompensation, type MapNode, type MapStepDto } from "./map-graph.ts";
import { sizeOf } from "./map-layout.ts";
import { StepWaits } from "./map-waits.tsx";
import { useStepFigures } from "./use-step-figures.ts";

export type MapNodeData = { node: MapNode; type: string };
export type MapBox = Node<MapNodeData, "map">;

/** A box of the map: the start, a step, or an end. */
export const MapNodeBox = memo(function MapNodeBox({ data: { node, type } }: NodeProps<MapBox>) {
  return (
    <>
      {/* Lines have their own ways: the library only wants to know that they can be tied to each box. */}
      <Handle type="target" position={Position.Top} isConnectable={false} className="invisible" />
      {node.kind === "step" ? <StepBox step={node.step} type={type} /> : <Terminal node={node} />}
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="invisible" />
    </>
  );
});

function StepBox({ step, type }: { step: MapStepDto; type: string }) {
  const t = useTranslations("sagas.map");
  const figures = useStepFigures();
  const takesBack = isCompensation(step);
  const { service, stuck } = step;
  const { title, detail } = readStepName(step);
  const about = detail ?? (service === null ? t("unknownService") : serviceName(service));
  return (
    <div
      style={sizeOf({ kind: "step" })}
      className={classNames(
        "flex flex-col justify-center gap-0.5 rounded-md border px-2.5 text-left text-sm",
        takesBack ? "border-dashed bg-mediator-soft" : "bg-surface",
        stuck > 0 && "border-2 border-danger",
        stuck === 0 && (takesBack ? "border-mediator" : "border-line-strong"),
      )}
    >
      <span className="flex items-center gap-1.5 font-medium">
        {takesBack ? (
          <span title={t("takesBack")} className="flex text-mediator">
            <Undo2 aria-hidden className="size-3.5 shrink-0" />
          </span>
        ) : null}
        <span title={title} className="min-w-0 flex-1 truncate">
          {title}
        </span>
      </span>
      <span className="flex items-center gap-1 text-xs">
        <span title={about} className="min-w-0 flex-1 truncate text-ink-muted">
          {about}
        </span>
        <StepWaits step={step} type={type} />
      </span>
      <span className="truncate text-2xs text-ink-muted tabular-nums">{figures(step)}</span>
    </div>
  );
}

const ENDS: Record<string, string> = {
  ok: "border-ok text-ok-ink",
  danger: "border-danger text-danger-ink",
  warn: "border-warn text-warn-ink",
};

function Terminal({ node }: { node: Exclude<MapNode, { kind: "step" }> }) {
  const t = useTranslations("sagas.map");
  const states = useTranslations("trace.states");
  const format = useFormat();
  const look = node.kind === "end" ? SAGA_LOOKS[node.state] : { icon: CirclePlay, tone: "neutral" };
  const Icon = look.icon;
  return (
    <div
      style={sizeOf(node)}
      className={classNames(
        "flex items-center justify-center gap-1.5 rounded-full border bg-surface px-2 text-xs",
        ENDS[look.tone] ?? "border-control text-ink-muted",
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate font-medium">{node.kind === "end" ? states(node.state) : t("start")}</span>
      <span className="tabular-nums">{format.compact(node.flows)}</span>
    </div>
  );
}
