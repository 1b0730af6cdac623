"use client";

import { Download, FileImage, Scan, Table2, Terminal, Waypoints } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { copyText } from "#components/ui/copy-text.ts";
import { DropdownMenu, MenuItem, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { MapGraph } from "./map-graph.ts";
import { MAP_VIEWS, type MapViewState } from "./use-map-view.ts";

const MAX_PERCENT = 50;

type MapToolbarProps = {
  view: MapViewState["view"];
  onView: (view: MapViewState["view"]) => void;
  /** From 0 to 1. */
  minShare: number;
  onMinShare: (share: number) => void;
  hidden: MapGraph["hidden"];
  onFit: () => void;
  onPicture: (format: "svg" | "png") => Promise<void>;
  command: () => string;
};

/** Everything that changes how the map is seen, and ways to take it away. */
export function MapToolbar(props: MapToolbarProps) {
  const { view, onView, minShare, onMinShare, hidden, onFit } = props;
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const icons: Record<MapViewState["view"], ReactNode> = {
    map: <Waypoints aria-hidden className="size-3.5" />,
    table: <Table2 aria-hidden className="size-3.5" />,
  };
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t bg-surface px-2 py-1 text-xs md:px-4">
      <SegmentedControl
        label={t("view")}
        value={view}
        onValueChange={onView}
        options={MAP_VIEWS.map((value) => ({
          value,
          label: (
            <>
              {icons[value]}
              {t(`views.${value}`)}
            </>
          ),
        }))}
      />
      {view === "map" ? (
        <label className="flex items-center gap-2 text-ink-muted">
          <span className="max-sm:sr-only">{t("minShare")}</span>
          <input
            type="range"
            min={0}
            max={MAX_PERCENT}
            step={1}
            value={Math.round(minShare * 100)}
            aria-valuetext={format.percent(minShare)}
            className="w-28 accent-(--accent) max-sm:w-16 pointer-coarse:h-10"
            onChange={(event) => onMinShare(Number(event.target.value) / 100)}
          />
          <span className="w-10 tabular-nums">{format.percent(minShare)}</span>
        </label>
      ) : null}
      {view === "map" && hidden.branches > 0 ? (
        <span role="status" className="text-ink-muted">
          {t("hidden", hidden)}
        </span>
      ) : null}
      <span className="flex-1" />
      {view === "map" ? (
        <IconButton
          label={t("fit")}
          keys="f"
          icon={<Scan aria-hidden className="size-4" />}
          onClick={onFit}
        />
      ) : null}
      <ExportMenu {...props} />
    </div>
  );
}

function ExportMenu({ view, onPicture, command }: Pick<MapToolbarProps, "view" | "onPicture" | "command">) {
  const t = useTranslations("sagas.map.export");
  const save = (format: "svg" | "png") => {
    onPicture(format).catch((error: unknown) =>
      showToast({
        tone: "danger",
        title: t("failed"),
        description: error instanceof Error ? error.message : String(error),
      }),
    );
  };
  const copyCommand = async () => {
    const isCopied = await copyText(command());
    showToast(isCopied ? { tone: "ok", title: t("copied") } : { tone: "danger", title: t("copyFailed") });
  };
  return (
    <DropdownMenu
      trigger={<IconButton label={t("title")} icon={<Download aria-hidden className="size-4" />} />}
    >
      {view === "map" ? (
        <>
          <MenuItem icon={<FileImage />} onSelect={() => save("svg")}>
            {t("svg")}
          </MenuItem>
          <MenuItem icon={<FileImage />} onSelect={() => save("png")}>
            {t("png")}
          </MenuItem>
          <MenuSeparator />
        </>
      ) : null}
      <MenuItem icon={<Terminal />} onSelect={() => void copyCommand()}>
        {t("curl")}
      </MenuItem>
    </DropdownMenu>
  );
}
