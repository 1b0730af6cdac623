"use client";

import { useQuery } from "@tanstack/react-query";
import { Mail, MessageSquare, Plus, Send, Webhook } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import { alertQueries, useRefreshAlerts } from "./alert-queries.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { DestinationDialog } from "./destination-dialog.tsx";
import { DestinationItem } from "./destination-item.tsx";
import { NoticeList } from "./notice-list.tsx";

const DESTINATION_ICONS = { webhook: Webhook, slack: MessageSquare, mail: Mail } as const;

/** Where messages about alerts go, and what became of each. */
export function DestinationsPage() {
  const t = useTranslations("alerts.destinations");
  const notices = useTranslations("alerts.notices");
  const list = useQuery(alertQueries.destinations());
  const refresh = useRefreshAlerts();
  useLiveTopic(ALERTS_TOPIC, refresh);
  const [edited, setEdited] = useState<DestinationDto | "new" | null>(null);
  const destinations = list.data?.destinations ?? [];
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden className="size-3.5" />}
            onClick={() => setEdited("new")}
          >
            {t("new")}
          </Button>
        }
      >
        <AlertTabs />
      </PageHeader>
      <QueryNotices query={list} rows={3} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {list.data !== undefined && destinations.length === 0 ? (
        <EmptyState icon={<Send />} title={t("none")}>
          {t("what")}
        </EmptyState>
      ) : null}
      {destinations.length === 0 ? null : (
        <ul aria-label={t("title")} className="flex flex-col">
          {destinations.map((destination) => (
            <DestinationItem
              key={destination.id}
              destination={destination}
              icon={DESTINATION_ICONS[destination.kind]}
              onEdit={() => setEdited(destination)}
            />
          ))}
        </ul>
      )}
      {list.data === undefined ? null : (
        <section aria-label={notices("title")} className="p-3 md:p-4">
          <h2 className="pb-2 font-medium">{notices("title")}</h2>
          <NoticeList of={{}} />
        </section>
      )}
      {edited === null ? null : (
        <DestinationDialog destination={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </>
  );
}
