"use client";

import { Boxes, Crown, Expand, Scan, Search, Shrink, Sparkles, Waypoints, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode, RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { DropdownMenu, MenuCheckbox, MenuItem, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { BuiltScene } from "./build-scene.ts";
import type { View } from "./topology-view.ts";
import type { PictureSearch } from "./use-picture-search.ts";

type PictureToolbarProps = {
  /** What is shown, and its verdict. */
  title: ReactNode;
  search: PictureSearch;
  searchField: RefObject<HTMLInputElement | null>;
  view: View;
  /** Null where there is no mediator to put in the middle. */
  onView: ((view: View) => void) | null;
  groups: BuiltScene["groups"];
  onToggleGroup: (name: string) => void;
  onToggleAll: (names: readonly string[]) => void;
  focusLabel: string | null;
  onUnfocus: () => void;
  /** Null for places that cannot change. */
  onTidy: (() => void) | null;
  onFit: () => void;
  isFull: boolean;
  /** Null for the second of two pictures. */
  onFull: (() => void) | null;
  /** What more can be done. */
  children: ReactNode;
};

/** Everything that changes how one picture is seen. */
export function PictureToolbar(props: PictureToolbarProps) {
  const { title, search, view, onView, groups, onToggleGroup, onToggleAll, focusLabel } = props;
  const t = useTranslations("topology.toolbar");
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-line border-b bg-surface px-2 py-1 md:px-3">
      <div className="flex min-w-44 flex-1 items-center gap-2">{title}</div>
      <search className="flex items-center gap-1">
        <Input
          ref={props.searchField}
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={search.text}
          icon={<Search aria-hidden className="size-3.5" />}
          className="w-40 md:w-56"
          onChange={(event) => search.setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") search.next();
            if (event.key !== "Escape") return;
            search.setText("");
            event.currentTarget.blur();
          }}
        />
        <span role="status" className="text-2xs text-ink-muted tabular-nums">
          {search.found === null ? "" : t("found", { count: search.found.length })}
        </span>
      </search>
      {onView === null ? null : (
        <SegmentedControl
          label={t("view")}
          value={view}
          onValueChange={onView}
          options={[
            {
              value: "broker",
              label: <ViewName icon={<Waypoints aria-hidden className="size-3.5" />}>{t("broker")}</ViewName>,
            },
            {
              value: "mediator",
              label: <ViewName icon={<Crown aria-hidden className="size-3.5" />}>{t("mediator")}</ViewName>,
            },
          ]}
        />
      )}
      {focusLabel === null ? null : (
        <Button size="sm" icon={<X aria-hidden className="size-3.5" />} onClick={props.onUnfocus}>
          {t("unfocus", { label: focusLabel })}
        </Button>
      )}
      <span className="flex items-center">
        {groups.length === 0 ? null : (
          <DropdownMenu
            trigger={<IconButton label={t("groups")} icon={<Boxes aria-hidden className="size-4" />} />}
          >
            {groups.map(({ name, isFolded }) => (
              <MenuCheckbox key={name} checked={isFolded} onCheckedChange={() => onToggleGroup(name)}>
                {t("fold", { group: name })}
              </MenuCheckbox>
            ))}
            <MenuSeparator />
            <MenuItem
              onSelect={() => onToggleAll(groups.filter(({ isFolded }) => !isFolded).map(({ name }) => name))}
            >
              {t("foldAll")}
            </MenuItem>
            <MenuItem
              onSelect={() => onToggleAll(groups.filter(({ isFolded }) => isFolded).map(({ name }) => name))}
            >
              {t("unfoldAll")}
            </MenuItem>
          </DropdownMenu>
        )}
        {props.onTidy === null ? null : (
          <IconButton
            label={t("tidy")}
            icon={<Sparkles aria-hidden className="size-4" />}
            onClick={props.onTidy}
          />
        )}
        <IconButton
          label={t("fit")}
          {...(props.onFull !== null && { keys: "f" })}
          icon={<Scan aria-hidden className="size-4" />}
          onClick={props.onFit}
        />
        {props.onFull === null ? null : (
          <IconButton
            label={t(props.isFull ? "notFull" : "full")}
            keys="shift+f"
            icon={
              props.isFull ? (
                <Shrink aria-hidden className="size-4" />
              ) : (
                <Expand aria-hidden className="size-4" />
              )
            }
            onClick={props.onFull}
          />
        )}
        {props.children}
      </span>
    </div>
  );
}

function ViewName({ icon, children }: { icon: ReactNode; children: string }) {
  return (
    <>
      {icon}
      <span className="max-sm:sr-only">{children}</span>
    </>
  );
}
