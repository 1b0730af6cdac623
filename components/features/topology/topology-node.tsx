"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import { Handle, type Node, type NodeProps, Position } from "reactflow";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TopologyComparisonDto } from "#server/contract/topology.ts";
import { lookOf, StateBadge } from "./node-look.tsx";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { SceneNode } from "./scene.ts";
import { useRate } from "./use-rate.ts";

export type Change = TopologyComparisonDto["changes"][number]["changes"][number];

export type TopologyNodeData = {
  node: SceneNode;
  windowSeconds: number;
  findings: number;
  change: Change | null;
  isSelected: boolean;
  /** The one that the Tab key reaches. */
  isCursor: boolean;
};
export type BoxNode = Node<TopologyNodeData, "box">;

/** A node of the picture: what it is, how it is, and how much comes and goes. */
export const TopologyNode = memo(function TopologyNode({ data }: NodeProps<BoxNode>) {
  const t = useTranslations("topology");
  const { node, findings, change, isSelected, isCursor } = data;
  const { icon: Icon, ink, soft } = lookOf(node.kind);
  const note = useNote(data);
  const isGone = node.state === "removed" || change === "vanished";
  return (
    <>
      <button
        type="button"
        tabIndex={isCursor ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={[
          node.label,
          t(`kinds.${node.kind}`),
          t(`states.${node.state}`),
          ...(change === null ? [] : [t(`changes.${change}`)]),
          note,
        ].join(", ")}
        style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
        className={classNames(
          "flex flex-col justify-center gap-0.5 rounded-md border px-2.5 text-left text-sm",
          soft,
          isSelected ? "outline-2 outline-accent outline-offset-1" : "",
          node.state === "failing" && "border-2 border-danger",
          node.state === "paused" && "border-2 border-warn border-dashed",
          (node.state === "silent" || isGone) && "border-control border-dashed",
          node.state === "active" && !isGone && "border-line-strong",
          isGone && "line-through opacity-60",
          change === "appeared" && "ring-2 ring-ok",
        )}
      >
        <span className={classNames("flex w-full items-center gap-1.5 font-medium", ink)}>
          <Icon aria-hidden className="size-3.5 shrink-0" />
          <span title={node.label} className="min-w-0 flex-1 truncate">
            {node.label}
          </span>
          {findings === 0 ? null : (
            <span title={t("findings.count", { count: findings })} className="flex shrink-0 text-warn-ink">
              <TriangleAlert aria-hidden className="size-3.5" />
            </span>
          )}
          {node.state === "active" ? null : <StateBadge state={node.state} />}
        </span>
        <span className="w-full truncate text-xs text-ink-muted tabular-nums">
          {change === null ? note : `${t(`changes.${change}`)} · ${note}`}
        </span>
      </button>
      <Handle type="target" position={Position.Left} isConnectable={false} className="opacity-0" />
      <Handle type="source" position={Position.Right} isConnectable={false} className="opacity-0" />
    </>
  );
});

function useNote({ node, windowSeconds }: TopologyNodeData): string {
  const t = useTranslations("topology");
  const rate = useRate();
  const format = useFormat();
  const observed = node.node;
  if (observed === null) return t("node.members", { count: node.members.length });
  const { received, published, backlog } = observed;
  const parts: string[] = [];
  if (received !== null) parts.push(t("node.in", { rate: rate(received.perSecond) }));
  if (published > 0 || received === null) {
    const words = node.kind === "channel" ? "node.through" : "node.out";
    parts.push(t(words, { rate: rate(published / windowSeconds) }));
  }
  if (backlog !== null && backlog > 0) parts.push(t("node.waiting", { count: format.compact(backlog) }));
  return parts.join(" · ");
}
