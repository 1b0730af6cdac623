"use client";

import { Focus, Maximize2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { consumerHref, lettersHref, searchHref } from "#components/shell/destinations.ts";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import type { FindingDto, TopologyDto, TopologyNodeDto } from "#server/contract/topology.ts";
import { EdgeList } from "./edge-list.tsx";
import { FindingList } from "./finding-list.tsx";
import { SceneIcon, StateBadge } from "./node-look.tsx";
import { addTypes } from "./scene.ts";
import { TrafficFigures } from "./traffic-figures.tsx";
import { TypeList } from "./type-list.tsx";
import type { NodeNames } from "./use-fact-words.ts";

export type PanelContext = {
  graph: Pick<TopologyDto, "nodes" | "edges" | "relativeError">;
  findings: readonly FindingDto[];
  names: NodeNames;
  onSelect: (id: string) => void;
  onFocus: (id: string) => void;
  onClose: () => void;
};

/** One node beside the picture: what it does, how well, what was found about it, and where there is more. */
export function NodePanel({ node, context }: { node: TopologyNodeDto; context: PanelContext }) {
  const t = useTranslations("topology.panel");
  const kinds = useTranslations("topology.kinds");
  const format = useFormat();
  const { graph, names, onSelect, onFocus, onClose } = context;
  const incoming = graph.edges.filter(({ to }) => to === node.id);
  const outgoing = graph.edges.filter(({ from }) => from === node.id);
  const emitted = outgoing.filter(({ kind }) => kind === "publishes");
  const through = node.kind === "channel" ? incoming : emitted;
  const types = through.reduce<TopologyDto["edges"][number]["types"]>(
    (sum, edge) => addTypes(sum, edge.types),
    [],
  );
  const findings = context.findings.filter(({ nodes }) => nodes.includes(node.id));
  return (
    <PanelFrame
      label={t("node", { label: node.label })}
      title={node.label}
      icon={<SceneIcon kind={node.kind} className="size-4" />}
      badge={<StateBadge state={node.state} />}
      onClose={onClose}
    >
      <div className="flex flex-wrap items-center gap-2 px-3 pt-3 md:px-4">
        <span className="text-ink-muted text-xs">
          {node.group === null
            ? kinds(node.kind)
            : t("inGroup", { kind: kinds(node.kind), group: node.group })}
        </span>
        <span className="flex-1" />
        <Button size="sm" icon={<Focus aria-hidden className="size-3.5" />} onClick={() => onFocus(node.id)}>
          {t("focus")}
        </Button>
        {node.sources.length === 0 ? null : (
          <Link href={searchHref({ source: node.sources })} className={buttonClasses("secondary", "sm")}>
            {t("events")}
          </Link>
        )}
        {node.kind === "store" ? (
          <Link href="/projections" className={buttonClasses("secondary", "sm")}>
            {t("projections")}
          </Link>
        ) : null}
        {node.consumers.map((consumer) => (
          <Link key={consumer} href={consumerHref(consumer)} className={buttonClasses("secondary", "sm")}>
            {node.consumers.length === 1 ? t("consumer") : consumer}
          </Link>
        ))}
      </div>
      <PanelSection title={t("numbers")}>
        <FigureList className="mb-3">
          {node.kind === "store" ? null : (
            <Figure label={t(node.kind === "channel" ? "travelled" : "published")}>
              {format.number(node.published)}
            </Figure>
          )}
          {node.backlog === null ? null : <Figure label={t("backlog")}>{format.number(node.backlog)}</Figure>}
        </FigureList>
        {node.received === null ? null : (
          <>
            <h4 className="mb-1 text-2xs text-ink-faint">{t("received")}</h4>
            <TrafficFigures
              traffic={node.received}
              counts="attempts"
              relativeError={graph.relativeError}
              deadHref={lettersHref({ consumer: node.consumers })}
            />
          </>
        )}
      </PanelSection>
      {findings.length === 0 ? null : (
        <PanelSection title={t("findings")}>
          <FindingList findings={findings} names={names} onSelect={onSelect} />
        </PanelSection>
      )}
      {types.length === 0 ? null : (
        <PanelSection title={t("types")}>
          <TypeList types={types} sources={node.sources} />
        </PanelSection>
      )}
      {incoming.length === 0 ? null : (
        <PanelSection title={t("incoming")}>
          <EdgeList edges={incoming} names={names} onSelect={onSelect} />
        </PanelSection>
      )}
      {outgoing.length === 0 ? null : (
        <PanelSection title={t("outgoing")}>
          <EdgeList edges={outgoing} names={names} onSelect={onSelect} />
        </PanelSection>
      )}
    </PanelFrame>
  );
}

type GroupPanelProps = {
  name: string;
  members: readonly TopologyNodeDto[];
  onUnfold: () => void;
  context: PanelContext;
};

/** A folded group: who is in it. */
export function GroupPanel({ name, members, onUnfold, context }: GroupPanelProps) {
  const t = useTranslations("topology.panel");
  return (
    <PanelFrame
      label={t("node", { label: name })}
      title={name}
      icon={<SceneIcon kind="group" className="size-4" />}
      onClose={context.onClose}
    >
      <div className="px-3 pt-3 md:px-4">
        <Button size="sm" icon={<Maximize2 aria-hidden className="size-3.5" />} onClick={onUnfold}>
          {t("unfold")}
        </Button>
      </div>
      <PanelSection title={t("members")}>
        <ul className="flex flex-col gap-1 text-sm">
          {members.map((node) => (
            <li key={node.id} className="flex items-center gap-2">
              <SceneIcon kind={node.kind} />
              <button
                type="button"
                className="min-w-0 truncate text-accent hover:underline"
                onClick={() => context.onSelect(node.id)}
              >
                {node.label}
              </button>
              {node.state === "active" ? null : <StateBadge state={node.state} />}
            </li>
          ))}
        </ul>
      </PanelSection>
    </PanelFrame>
  );
}
