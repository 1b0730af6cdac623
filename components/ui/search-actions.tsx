"use client";

import { RefreshCw, Search } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "./icon-button.tsx";
import { Input } from "./input.tsx";
import { useShortcuts } from "./shortcuts.tsx";

type SearchActionsProps = {
  search: string;
  onSearch: (search: string) => void;
  searchLabel: string;
  onRefresh: () => void;
  refreshLabel: string;
};

/** A field that narrows a list and a button that reads it anew, with the keys / and r. */
export function SearchActions({
  search,
  onSearch,
  searchLabel,
  onRefresh,
  refreshLabel,
}: SearchActionsProps) {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "r", label: refreshLabel, group: "page", run: onRefresh },
    { keys: "/", label: searchLabel, group: "page", run: () => field.current?.focus() },
  ]);
  return (
    <>
      <Input
        ref={field}
        type="search"
        aria-label={searchLabel}
        placeholder={searchLabel}
        value={search}
        maxLength={200}
        icon={<Search aria-hidden className="size-3.5" />}
        className="w-56 max-sm:w-auto max-sm:min-w-40 max-sm:flex-1"
        onChange={(event) => onSearch(event.target.value)}
      />
      <IconButton
        label={refreshLabel}
        keys="r"
        icon={<RefreshCw aria-hidden className="size-4" />}
        onClick={onRefresh}
      />
    </>
  );
}
