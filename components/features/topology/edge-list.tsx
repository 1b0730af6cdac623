"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRate } from "#components/lib/use-rate.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TopologyEdgeDto } from "#server/contract/topology.ts";
import { type NodeNames, nameOf } from "./use-fact-words.ts";

type EdgeListProps = {
  edges: readonly TopologyEdgeDto[];
  names: NodeNames;
  onSelect: (id: string) => void;
};

/** Edges as a list, each leading to itself. */
export function EdgeList({ edges, names, onSelect }: EdgeListProps) {
  const t = useTranslations("topology");
  const format = useFormat();
  const rate = useRate();
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {edges.map(({ id, from, to, kind, perSecond, failureRate }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-2">
          <button
            type="button"
            className="flex min-w-0 max-w-full items-center gap-1 text-accent hover:underline"
            onClick={() => onSelect(id)}
          >
            <span className="truncate">{nameOf(names, from)}</span>
            <ArrowRight aria-hidden className="size-3 shrink-0" />
            <span className="truncate">{nameOf(names, to)}</span>
          </button>
          <span className="text-ink-muted">{t(`edgeKinds.${kind}`)}</span>
          <span className="tabular-nums">{rate(perSecond)}</span>
          {(failureRate ?? 0) > 0 ? (
            <span className="text-danger-ink tabular-nums">
              {t("edge.fail", { rate: format.percent(failureRate ?? 0) })}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
