"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { RoomTabs } from "./room-tabs.tsx";

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
  const tabs = DEAD_LETTER_TABS.map(({ id, href, search, below }) => ({
    href: `${href}${search}`,
    name: t(id),
    isCurrent: pathname === href || (below !== null && pathname.startsWith(`${below}/`)),
  }));
  return <RoomTabs label={t("label")} tabs={tabs} />;
}
