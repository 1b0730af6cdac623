"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { lettersHref } from "#components/shell/destinations.ts";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import { FindingList } from "./finding-list.tsx";
import type { PanelContext } from "./node-panel.tsx";
import type { SceneEdge } from "./scene.ts";
import { TrafficFigures } from "./traffic-figures.tsx";
import { TypeList } from "./type-list.tsx";
import { nameOf } from "./use-fact-words.ts";

/** One edge beside the picture: what travels it, how well and how fast. */
export function EdgePanel({ edge, context }: { edge: SceneEdge; context: PanelContext }) {
  const t = useTranslations("topology");
  const { graph, names, onSelect, onClose } = context;
  const [from, to] = [nameOf(names, edge.from), nameOf(names, edge.to)];
  const findings = context.findings.filter(({ edges }) => edges.some((id) => edge.members.includes(id)));
  const sources = graph.nodes.find(({ id }) => id === edge.from)?.sources ?? [];
  const consumers = graph.nodes.find(({ id }) => id === edge.to)?.consumers ?? [];
  const types = edge.types.map(({ type }) => type);
  return (
    <PanelFrame label={t("panel.edge", { from, to })} title={`${from} → ${to}`} onClose={onClose}>
      <p className="flex flex-wrap items-center gap-2 px-3 pt-3 text-sm md:px-4">
        <button type="button" className="text-accent hover:underline" onClick={() => onSelect(edge.from)}>
          {from}
        </button>
        <span className="text-ink-muted text-xs">{t(`edgeKinds.${edge.kind}`)}</span>
        <ArrowRight aria-hidden className="size-3.5 text-ink-faint" />
        <button type="button" className="text-accent hover:underline" onClick={() => onSelect(edge.to)}>
          {to}
        </button>
      </p>
      <PanelSection title={t("panel.numbers")}>
        <TrafficFigures
          traffic={edge.traffic}
          counts={edge.kind === "subscribes" ? "attempts" : "events"}
          relativeError={graph.relativeError}
          deadHref={consumers.length === 0 ? undefined : lettersHref({ consumer: consumers, type: types })}
        />
        <p className="mt-2 text-ink-faint text-xs">{t(`timed.${edge.kind}`)}</p>
      </PanelSection>
      <PanelSection title={t("panel.types")}>
        <TypeList types={edge.types} sources={sources} />
      </PanelSection>
      {findings.length === 0 ? null : (
        <PanelSection title={t("panel.findings")}>
          <FindingList findings={findings} names={names} onSelect={onSelect} />
        </PanelSection>
      )}
    </PanelFrame>
  );
}
