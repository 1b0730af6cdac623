"use client";

import { AimedLink } from "#components/ui/aimed-link.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useWindowKeeper } from "./use-window-keeper.ts";

type RoomTabsProps = {
  label: string;
  tabs: readonly { href: string; name: string; isCurrent: boolean }[];
};

/** Under the header of every page of a room: the way to the others. */
export function RoomTabs({ label, tabs }: RoomTabsProps) {
  const keepWindow = useWindowKeeper();
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto px-2 [scrollbar-width:none] md:px-3">
      {tabs.map(({ href, name, isCurrent }) => (
        <AimedLink
          key={href}
          href={href}
          onClick={(event) => keepWindow(event, href)}
          aria-current={isCurrent ? "page" : undefined}
          className={classNames(
            "-mb-px flex h-8 items-center whitespace-nowrap border-b-2 px-2 font-medium text-sm -outline-offset-2 hover:text-ink pointer-coarse:h-11",
            isCurrent ? "border-accent text-ink" : "border-transparent text-ink-muted",
          )}
        >
          {name}
        </AimedLink>
      ))}
    </nav>
  );
}
