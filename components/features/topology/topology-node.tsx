"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { Node, NodeProps } from "reactflow";
import { useRate } from "#components/lib/use-rate.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { fitText } from "#components/ui/picture/fit-text.ts";
import type { TopologyComparisonDto } from "#server/contract/topology.ts";
import { lookOf, StateBadge } from "./node-look.tsx";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import type { SceneNode } from "./scene.ts";

export type Change = TopologyComparisonDto["changes"][number]["changes"][number];

export type TopologyNodeData = {
  node: SceneNode;
  windowSeconds: number;
  findings: number;
  change: Change | null;
  isSelected: boolean;
  /** The one that the Tab key reaches. */
  isCursor: boolean;
  /** One of very many: without icons and cut texts, each of which is one more part for the browser to sort into layers. */
  isPlain: boolean;
};
export type BoxNode = Node<TopologyNodeData, "box">;

/** What fits into a plain box: of its name, of its name beside a state, of its numbers. */
const NAME_LETTERS = 20;
const NAME_LETTERS_BESIDE = 11;
const NOTE_LETTERS = 28;

/** A node of the picture: what it is, how it is, and how much comes and goes. */
export const TopologyNode = memo(function TopologyNode({ data }: NodeProps<BoxNode>) {
  const t = useTranslations("topology");
  const { node, findings, change, isSelected, isCursor, isPlain } = data;
  const { icon: Icon, sign, ink, soft } = lookOf(node.kind);
  const note = useNote(data);
  const line = change === null ? note : `${t(`changes.${change}`)} · ${note}`;
  const room = node.state === "active" && findings === 0 ? NAME_LETTERS : NAME_LETTERS_BESIDE;
  const isGone = node.state === "removed" || change === "vanished";
  return (
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
        {isPlain ? <span aria-hidden>{sign}</span> : <Icon aria-hidden className="size-3.5 shrink-0" />}
        <span
          title={node.label}
          className={classNames("min-w-0 flex-1", isPlain ? "whitespace-nowrap" : "truncate")}
        >
          {isPlain ? fitText(node.label, room) : node.label}
        </span>
        {findings === 0 ? null : (
          <span title={t("findings.count", { count: findings })} className="flex shrink-0 text-warn-ink">
            <TriangleAlert aria-hidden className="size-3.5" />
          </span>
        )}
        {node.state === "active" ? null : <StateBadge state={node.state} />}
      </span>
      <span
        className={classNames(
          "w-full text-ink-muted text-xs tabular-nums",
          isPlain ? "whitespace-nowrap" : "truncate",
        )}
      >
        {isPlain ? fitText(line, NOTE_LETTERS) : line}
      </span>
    </button>
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
