"use client";

import { useTranslations } from "next-intl";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { type GraphNode, GraphView } from "./graph-view.tsx";

/** Who publishes what to whom, with what is wrong at the moment. */
export function SystemDiagram({ scenario }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios");
  const { name, graph, services, runningSince } = scenario;
  const nodes = graph.nodes.map((node) => {
    const service = services.find((one) => one.name === node.id);
    const isAbsent = node.isOptional && !(service?.isOn ?? false);
    const isDisturbed = service?.fault != null && runningSince !== null;
    const look = lookOf({ isAbsent, isDisturbed });
    return {
      id: node.id,
      kind: node.kind === "service" ? null : node.kind,
      label: node.label,
      note: look === "usual" ? t(`kinds.${node.kind}`) : t(`diagram.${look}`),
      look,
    };
  });
  const isChannel = (id: string) => graph.nodes.find((node) => node.id === id)?.kind === "channel";
  const leaving = (id: string) => graph.edges.filter(({ from }) => from === id).length;
  const nameOf = ({ from, types, isCall }: (typeof graph.edges)[number], index: number) => {
    if (isCall) return `${index + 1}. ${shorten(types)}`;
    // What leaves a channel is what went in; and where many leave, names would lie on each other.
    return isChannel(from) || leaving(from) > 3 ? null : shorten(types);
  };
  const edges = graph.edges.map((edge, index) => ({ ...edge, label: nameOf(edge, index) }));
  const title = t(`systems.${name}.title`);
  if (!graph.edges.some(({ isCall }) => isCall)) {
    return <GraphView label={t("diagram.label", { name: title })} nodes={nodes} edges={edges} />;
  }
  return (
    <>
      <p className="text-ink-muted text-xs">{t("diagram.callsHint")}</p>
      <GraphView label={t("diagram.calls", { name: title })} nodes={nodes} edges={edges} />
    </>
  );
}

/** What the mediator does with each order. */
export function ProcessDiagram({ process }: { process: NonNullable<ScenarioDto["process"]> }) {
  const t = useTranslations("scenarios");
  const undoOf = (command: string | null) =>
    // The service in front of it is the step's own.
    command === null ? t("diagram.kept") : t("diagram.undo", { command: command.replace(/^[^.]+\./, "") });
  const nodes = process.graph.nodes.map((node) => ({
    id: node.id,
    kind: null,
    label: node.label,
    note: node.kind === "step" ? undoOf(node.compensation) : t(`diagram.${node.kind}`),
    look: "usual" as const,
  }));
  return <GraphView label={t("diagram.process")} nodes={nodes} edges={process.graph.edges} />;
}

function shorten(types: readonly string[]): string {
  const [first = "", ...more] = types;
  return more.length === 0 ? first : `${first} +${more.length}`;
}

function lookOf({ isAbsent, isDisturbed }: { isAbsent: boolean; isDisturbed: boolean }): GraphNode["look"] {
  if (isAbsent) return "absent";
  return isDisturbed ? "disturbed" : "usual";
}
