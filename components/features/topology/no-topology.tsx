"use client";

import { FlaskConical, Waypoints } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { FirstEvent } from "#components/event-detail/first-event.tsx";
import { useFreshness } from "#components/live/freshness.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** What is shown where nothing ran: since nothing was ever sent, or not in this window. */
export function NoTopology() {
  const t = useTranslations("topology.empty");
  const hasEvents = useFreshness()?.position !== "0";
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        title={t(hasEvents ? "window.title" : "title")}
        icon={<Waypoints />}
        actions={
          <Link href="/scenarios" className={buttonClasses("primary")}>
            <FlaskConical aria-hidden className="size-3.5" />
            {t("scenarios")}
          </Link>
        }
      >
        {t(hasEvents ? "window.body" : "body")}
      </EmptyState>
      {hasEvents ? null : <FirstEvent />}
    </div>
  );
}
