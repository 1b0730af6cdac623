"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";

const TABS = [
  { id: "list", href: "/alerts" },
  { id: "rules", href: "/alerts/rules" },
  { id: "destinations", href: "/alerts/destinations" },
] as const;

/** Under the header of every page of the room: the way to the others. */
export function AlertTabs() {
  const t = useTranslations("alerts.tabs");
  const pathname = usePathname();
  return (
    <nav aria-label={t("label")} className="flex gap-1 overflow-x-auto px-2 [scrollbar-width:none] md:px-3">
      {TABS.map(({ id, href }) => {
        const isCurrent = pathname === href;
        return (
          <Link
            key={id}
            href={href}
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
