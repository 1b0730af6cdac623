"use client";

import { useTranslations } from "next-intl";
import { memo, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { ReactFlowProvider, useReactFlow } from "reactflow";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { everythingDrawn, savePicture } from "#components/ui/graph/export-picture.ts";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { FindingDto, MediationDto, TopologyDto } from "#server/contract/topology.ts";
import { buildScene } from "./build-scene.ts";
import { ExportMenu } from "./export-menu.tsx";
import { fitOptions, GraphCanvas, showPlace } from "./graph-canvas.tsx";
import type { Changes } from "./picture.ts";
import { PictureToolbar } from "./picture-toolbar.tsx";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import { SizeNotice } from "./size-notice.tsx";
import type { TopologyScope } from "./topology-queries.ts";
import type { SetTopologyView, TopologyView, View } from "./topology-view.ts";
import { useLayout } from "./use-layout.ts";
import { usePictureSearch } from "./use-picture-search.ts";

export type PicturePaneProps = {
  /** What is seen, in one line for assistive technology. */
  label: string;
  title: ReactNode;
  graph: Pick<TopologyDto, "nodes" | "edges" | "isCapped">;
  windowSeconds: number;
  scope: TopologyScope;
  mediations: readonly MediationDto[];
  drawn: View;
  changes: Changes;
  findings: readonly FindingDto[];
  view: TopologyView;
  setView: SetTopologyView;
  isFull: boolean;
  /** Null for the second of two pictures, which has no keys of its own either. */
  onFull: (() => void) | null;
};

/** One picture of the topology with everything that changes how it is seen. */
export function PicturePane(props: PicturePaneProps) {
  const [isMoving, setIsMoving] = useState(false);
  return (
    <ReactFlowProvider>
      <Pane {...props} isMoving={isMoving} onMoving={setIsMoving} />
    </ReactFlowProvider>
  );
}

type PaneProps = PicturePaneProps & { isMoving: boolean; onMoving: (isMoving: boolean) => void };

/** While a person moves the picture, new numbers wait: drawing them would make it stutter. */
const Pane = memo(PaneAtRest, (before, after) => before.isMoving && after.isMoving);

function PaneAtRest(props: PaneProps) {
  const { label, graph, scope, mediations, drawn, changes, findings, view, setView, onFull } = props;
  const t = useTranslations("topology");
  const id = useId();
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  const isCircle = drawn === "mediator";
  const { toggled, focus } = view;
  const built = useMemo(
    () => buildScene({ graph, mediations: isCircle ? mediations : [], toggled, focus }),
    [graph, mediations, isCircle, toggled, focus],
  );
  const picture = [drawn, scope.flowType, focus, ...toggled].join("\n");
  const worked = useLayout(built.scene, picture, built.places);
  const counts = useMemo(() => countFindings(findings), [findings]);

  const show = (node: string) => {
    setCursor(node);
    const place = worked.kind === "done" ? worked.places.get(node) : undefined;
    if (place !== undefined) showPlace(flow, place, box.current);
  };
  const search = usePictureSearch(built.scene, show);
  const fit = () => void flow.fitView({ ...fitOptions(), duration: 200 });
  useShortcuts(
    onFull === null
      ? []
      : [
          { keys: "f", label: t("toolbar.fit"), group: "page", run: fit },
          { keys: "shift+f", label: t("toolbar.full"), group: "page", run: onFull },
          { keys: "/", label: t("toolbar.search"), group: "page", run: () => searchField.current?.focus() },
        ],
  );
  const save = async (format: "svg" | "png") => {
    if (box.current === null || worked.kind !== "done") return;
    setIsWhole(true);
    await everythingDrawn(box.current);
    const boxes = built.scene.nodes.flatMap((node) => {
      const place = worked.places.get(node.id);
      return place === undefined ? [] : [{ ...place, width: NODE_WIDTH, height: NODE_HEIGHT }];
    });
    await savePicture(box.current, boxes, { name: `topology.${format}`, format }).finally(() =>
      setIsWhole(false),
    );
  };
  const toggle = (names: readonly string[]) => {
    const kept = toggled.filter((name) => !names.includes(name));
    void setView({ toggled: [...kept, ...names.filter((name) => !toggled.includes(name))], at: null });
  };

  return (
    <section aria-label={label} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <PictureToolbar
        title={props.title}
        search={search}
        searchField={searchField}
        view={drawn}
        onView={mediations.length === 0 ? null : (next) => void setView({ view: next })}
        groups={built.groups}
        onToggleGroup={(name) => toggle([name])}
        onToggleAll={toggle}
        focusLabel={focus === null ? null : (graph.nodes.find((node) => node.id === focus)?.label ?? focus)}
        onUnfocus={() => void setView({ focus: null })}
        onTidy={worked.kind === "done" && !isCircle ? worked.tidy : null}
        onFit={fit}
        isFull={props.isFull}
        onFull={onFull}
      >
        <ExportMenu scope={scope} onPicture={save} />
      </PictureToolbar>
      <SizeNotice built={built} isCapped={graph.isCapped} />
      <div ref={box} className="relative min-h-64 flex-1 bg-canvas">
        {worked.kind === "waiting" ? (
          <div role="status" aria-busy aria-label={t("layingOut")} className="grid h-full place-items-center">
            <Skeleton className="h-24 w-72" />
          </div>
        ) : null}
        {worked.kind === "failed" ? <ErrorNotice title={t("layoutFailed")} error={worked.error} /> : null}
        {worked.kind === "done" ? (
          <GraphCanvas
            key={worked.name}
            id={id}
            label={label}
            scene={built.scene}
            layout={worked}
            isCircle={isCircle}
            changes={changes}
            findings={counts}
            selected={view.at}
            cursor={cursor ?? view.at}
            windowSeconds={props.windowSeconds}
            hasMinimap={built.scene.nodes.length > 12}
            isWhole={isWhole}
            found={search.found}
            onSelect={(at) => void setView({ at })}
            onCursor={setCursor}
            onMoving={props.onMoving}
          />
        ) : null}
      </div>
    </section>
  );
}

function countFindings(findings: readonly FindingDto[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { nodes, severity } of findings) {
    const [first] = nodes;
    if (first !== undefined && severity !== "note") counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return counts;
}
