"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";

/** The lists of the room "Dead letters", in the order in which they are worked with. A new one is added here. */
export const DEAD_LETTER_TABS = [
  { id: "cases", href: "/dead-letters", search: "", below: "/dead-letters/cases" },
  { id: "letters", href: "/dead-letters/letters", search: "?status=parked", below: null },
  { id: "replays", href: "/dead-letters/replays", search: "", below: "/dead-letters/replays" },
  { id: "rules", href: "/dead-letters/rules", search: "", below: null },
] as const;

/** Under the header of every list of the room: the way to the others. */
export function DeadLetterTabs() {
  const t = useTranslations("deadLetters.tabs");
  const pathname = usePathname();
  return (
    <nav aria-label={t("label")} className="flex gap-1 overflow-x-auto px-2 [scrollbar-width:none] md:px-3">
      {DEAD_LETTER_TABS.map(({ id, href, search, below }) => {
        const isCurrent = pathname === href || (below !== null && pathname.startsWith(`${below}/`));
        return (
          <Link
            key={id}
            href={`${href}${search}`}
            aria-current={isCurrent ? "page" : undefined}
            className={classNames(
              "-mb-px flex h-8 items-center whitespace-nowrap border-b-2 px-2 font-medium text-sm -outline-offset-2 hover:text-ink pointer-coarse:h-11",
              isCurrent ? "border-accent text-ink" : "border-transparent text-ink-muted",
            )}
          >
            {t(id)}
          </Link>
        );
      })}
    </nav>
  );
}
