"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { RoomTabs } from "#components/shell/room-tabs.tsx";

const TABS = [
  { id: "list", href: "/alerts" },
  { id: "rules", href: "/alerts/rules" },
  { id: "destinations", href: "/alerts/destinations" },
] as const;

/** The pages of the room "Alerts". */
export function AlertTabs() {
  const t = useTranslations("alerts.tabs");
  const pathname = usePathname();
  const tabs = TABS.map(({ id, href }) => ({ href, name: t(id), isCurrent: pathname === href }));
  return <RoomTabs label={t("label")} tabs={tabs} />;
}
