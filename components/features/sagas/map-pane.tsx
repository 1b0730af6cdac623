"use client";

import { useTranslations } from "next-intl";
import { useMemo, useRef } from "react";
import { useReactFlow } from "reactflow";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { everythingDrawn, savePicture } from "#components/ui/graph/export-picture.ts";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import type { ProcessMapDto } from "#server/contract/sagas.ts";
import { buildMapGraph, MAX_DRAWN_BRANCHES, readableShare, variantId, wayOf } from "./map-graph.ts";
import { MapPicture } from "./map-picture.tsx";
import { MapTables } from "./map-tables.tsx";
import { MapToolbar } from "./map-toolbar.tsx";
import { MapVariants } from "./map-variants.tsx";
import { WaitsApart } from "./map-waits.tsx";
import { type MapWindow, mapCommand } from "./saga-queries.ts";
import { useMapView } from "./use-map-view.ts";

/** The map as a picture or as tables, and the variants beside it. */
export function MapPane({ map, window }: { map: ProcessMapDto; window: MapWindow }) {
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useMapView();
  const minShare = useMemo(
    () => (view.min === null ? readableShare(map) : Math.min(100, Math.max(0, view.min)) / 100),
    [view.min, map],
  );
  const way = useMemo(() => {
    const variant = map.variants.find((each) => variantId(each) === view.variant);
    return variant === undefined ? null : wayOf(variant, map.branches);
  }, [map, view.variant]);
  const graph = useMemo(() => buildMapGraph(map, { minShare, way }), [map, minShare, way]);
  const fit = () => void flow.fitView({ padding: 0.06, maxZoom: 1.1, duration: 200 });
  useShortcuts([
    { keys: "f", label: t("fit"), group: "page", run: fit },
    {
      keys: "escape",
      label: t("unlight"),
      group: "page",
      run: () => void setView({ variant: null }),
    },
  ]);
  const save = async (type: "svg" | "png") => {
    if (box.current === null) throw new Error("There is no picture to save.");
    await everythingDrawn(box.current);
    const boxes = flow
      .getNodes()
      .map(({ position, width, height }) => ({ ...position, width: width ?? 0, height: height ?? 0 }));
    await savePicture(box.current, boxes, { name: `sagas.${type}`, format: type });
  };
  const isTooLarge = graph.edges.length > MAX_DRAWN_BRANCHES;

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <MapToolbar
        view={view.view}
        onView={(next) => void setView({ view: next })}
        minShare={minShare}
        onMinShare={(share) => void setView({ min: Math.round(share * 100) })}
        hidden={graph.hidden}
        onFit={fit}
        onPicture={save}
        command={() => mapCommand(location.origin, map.type, window)}
      />
      <div className="flex min-h-0 flex-1 max-lg:flex-col max-lg:overflow-y-auto">
        {view.view === "table" ? (
          <MapTables map={map} />
        ) : (
          <section
            aria-label={t("label", { name: map.name })}
            className="relative min-h-[60vh] min-w-0 flex-1 bg-canvas lg:min-h-0"
          >
            {isTooLarge ? (
              <EmptyState title={t("tooLarge", { count: graph.edges.length })}>{t("tooLargeHow")}</EmptyState>
            ) : (
              <MapPicture
                label={t("label", { name: map.name })}
                type={map.type}
                graph={graph}
                way={way}
                box={box}
              />
            )}
            <WaitsApart steps={graph.apart} type={map.type} />
          </section>
        )}
        <MapVariants
          map={map}
          selected={view.variant}
          onSelect={(variant) => void setView({ variant, view: "map" })}
        />
      </div>
      <p className="shrink-0 border-line border-t bg-surface px-3 py-1 text-2xs text-ink-faint md:px-4">
        {t("asOf", {
          from: format.minute(map.window.from),
          to: format.minute(map.window.to),
          error: format.percent(map.relativeError),
        })}
      </p>
    </div>
  );
}
