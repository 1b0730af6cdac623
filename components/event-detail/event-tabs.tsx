"use client";

import { useTranslations } from "next-intl";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import { type TabItem, Tabs } from "#components/ui/tabs.tsx";
import type { EventViewDto } from "#server/contract/events.ts";
import { DeliveriesTab } from "./deliveries-tab.tsx";
import { EVENT_TABS, type EventTab } from "./event-address.ts";
import { FlowView } from "./flow-view.tsx";
import { MetadataList } from "./metadata-list.tsx";
import { PayloadView } from "./payload-view.tsx";
import { ViolationNote } from "./violation-note.tsx";

type EventTabsProps = {
  event: EventViewDto;
  tab: EventTab;
  onTabChange: (tab: EventTab) => void;
  /** Opens another event of the same flow. */
  onOpen: (position: string) => void;
  /** Classes for the names of tabs, such as to hide one whose content stands elsewhere on wide screens. */
  tabClassNames?: Partial<Record<EventTab, string>>;
};

/** The sides of one event: what it carries, what is said about it, where it stands, and how it came in. */
export function EventTabs({ event, tab, onTabChange, onOpen, tabClassNames }: EventTabsProps) {
  const t = useTranslations("event");
  const contents: Record<EventTab, TabItem<EventTab>["content"]> = {
    payload: <PayloadView event={event} />,
    metadata: <MetadataList event={event} />,
    deliveries: <DeliveriesTab event={event} />,
    flow: <FlowView correlationId={event.correlationId} currentPosition={event.position} onOpen={onOpen} />,
    envelope: <JsonViewer text={event.envelope} label={t("tabs.envelope")} className="h-full" />,
  };
  return (
    <>
      <ViolationNote event={event} />
      <Tabs
        label={t("tabs.label")}
        value={tab}
        onValueChange={onTabChange}
        className="min-h-0 min-w-0 flex-1"
        items={EVENT_TABS.map((value) => ({
          value,
          label: t(`tabs.${value}`),
          className: tabClassNames?.[value],
          content: contents[value],
        }))}
      />
    </>
  );
}
