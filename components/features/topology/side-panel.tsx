"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PanelFrame } from "#components/ui/panel-frame.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import type {
  FindingsDto,
  TopologyComparisonDto,
  TopologyDto,
  VerdictsDto,
} from "#server/contract/topology.ts";
import { buildScene, mergeWindows } from "./build-scene.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import { EdgePanel } from "./edge-panel.tsx";
import { FindingsPanel } from "./finding-list.tsx";
import { groupNameOf } from "./grouping.ts";
import { GroupPanel, NodePanel, type PanelContext } from "./node-panel.tsx";
import { findFlowType, mediationsOf, type SetTopologyView, type TopologyView } from "./topology-view.ts";
import { namesOf } from "./use-fact-words.ts";
import { VerdictPanel } from "./verdict-panel.tsx";

type Read<T> = Pick<
  UseQueryResult<T>,
  | "data"
  | "isPending"
  | "isLoadingError"
  | "isRefetchError"
  | "isFetching"
  | "error"
  | "failureReason"
  | "errorUpdateCount"
  | "dataUpdatedAt"
  | "refetch"
>;

type SidePanelProps = {
  graph: TopologyDto;
  verdicts: Read<VerdictsDto>;
  findings: Read<FindingsDto>;
  comparison: Read<TopologyComparisonDto>;
  view: TopologyView;
  setView: SetTopologyView;
};

/** What stands beside the picture: a node or edge that was chosen, else what was asked for. */
export function SidePanel(props: SidePanelProps) {
  const { verdicts, findings, comparison, view, setView } = props;
  const graph =
    comparison.data === undefined ? props.graph : { ...props.graph, ...mergeWindows(comparison.data) };
  const names = namesOf(graph.nodes);
  const onSelect = (at: string) => void setView({ at });
  const onClose = () => void setView(view.at === null ? { panel: null } : { at: null });
  if (view.at !== null) {
    const context = {
      graph,
      findings: findings.data?.findings ?? [],
      names,
      onSelect,
      onFocus: (focus: string) => void setView({ focus }),
      onClose,
    };
    return <Chosen id={view.at} context={context} {...props} />;
  }
  switch (view.panel) {
    case "verdict":
      return verdicts.data === undefined ? (
        <Waiting read={verdicts} onClose={onClose} />
      ) : (
        <VerdictPanel
          verdicts={verdicts.data}
          flowType={findFlowType(verdicts.data, view.flow)}
          names={names}
          onFlowType={(flow) => void setView({ flow, beside: null, view: null }, { history: "push" })}
          onSelect={onSelect}
          onClose={onClose}
        />
      );
    case "findings":
      return findings.data === undefined ? (
        <Waiting read={findings} onClose={onClose} />
      ) : (
        <FindingsPanel
          findings={findings.data.findings}
          names={names}
          onSelect={onSelect}
          onClose={onClose}
        />
      );
    case "changes":
      return comparison.data === undefined ? (
        <Waiting read={comparison} onClose={onClose} />
      ) : (
        <ChangesPanel
          comparison={comparison.data}
          compared={view.compare ?? "previous"}
          onCompared={(compare, chosen) =>
            void setView({ compare, beforeFrom: chosen?.from ?? null, beforeTo: chosen?.to ?? null })
          }
          isSplit={view.split}
          onSplit={(split) => void setView({ split })}
          names={names}
          onSelect={onSelect}
          onClose={onClose}
        />
      );
    case null:
      return null;
  }
}

function Waiting({ read, onClose }: { read: Read<unknown>; onClose: () => void }) {
  const t = useTranslations("topology");
  return (
    <PanelFrame label={t("panel.label")} title={t("panel.label")} onClose={onClose}>
      <QueryNotices
        query={read}
        rows={4}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={read.refetch}
      />
    </PanelFrame>
  );
}

type ChosenProps = SidePanelProps & { id: string; context: PanelContext };

function Chosen({ id, context, verdicts, view, setView }: ChosenProps) {
  const t = useTranslations("topology.panel");
  const { graph, onClose } = context;
  const node = graph.nodes.find((one) => one.id === id);
  if (node !== undefined) return <NodePanel node={node} context={context} />;
  const scene = (isCircle: boolean) =>
    buildScene({
      graph,
      mediations: isCircle ? mediationsOf(verdicts.data, view.flow) : [],
      toggled: view.toggled,
      focus: null,
    }).scene;
  const byChannels = scene(false);
  const group = byChannels.nodes.find((one) => one.id === id);
  const name = groupNameOf(id);
  if (group !== undefined && name !== null) {
    const members = graph.nodes.filter((one) => group.members.includes(one.id));
    const isToggled = view.toggled.includes(name);
    const toggled = isToggled ? view.toggled.filter((one) => one !== name) : [...view.toggled, name];
    return (
      <GroupPanel
        name={name}
        members={members}
        onUnfold={() => void setView({ toggled, at: null })}
        context={context}
      />
    );
  }
  const edge = [...byChannels.edges, ...scene(true).edges].find((one) => one.id === id);
  if (edge !== undefined) return <EdgePanel edge={edge} context={context} />;
  return (
    <PanelFrame label={t("label")} title={t("label")} onClose={onClose}>
      <EmptyState title={t("gone.title")}>{t("gone.body")}</EmptyState>
    </PanelFrame>
  );
}
