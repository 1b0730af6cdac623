"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { EventActions } from "#components/event-detail/event-actions.tsx";
import { EventOrigin } from "#components/event-detail/event-heading.tsx";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { EventTabs } from "#components/event-detail/event-tabs.tsx";
import { neighboursOf } from "#components/event-detail/flow-rows.ts";
import { FlowView } from "#components/event-detail/flow-view.tsx";
import { MetadataList } from "#components/event-detail/metadata-list.tsx";
import { similarHref } from "#components/event-detail/similar-link.ts";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { useEventView } from "#components/event-detail/use-event-view.ts";
import { eventHref } from "#components/shell/destinations.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import type { EventDetailDto, EventViewDto } from "#server/contract/events.ts";

/** One event on a page of its own. On wide screens its metadata and flow stand beside its payload. */
export function EventPage({ position }: { position: string }) {
  const t = useTranslations("event");
  const event = useQuery(eventQueries.byPosition(position));
  if (event.isPending) return <TableSkeleton label={t("loading")} />;
  if (event.isError) {
    return <ErrorNotice title={t("loadFailed")} error={event.error} onRetry={event.refetch} />;
  }
  return <LoadedEvent event={event.data} />;
}

function LoadedEvent({ event }: { event: EventViewDto }) {
  const t = useTranslations("event");
  const router = useRouter();
  const { tab, setTab } = useEventView();
  const open = (position: string) => router.push(eventHref(position));
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/events" parent={t("backToEvents")}>
            <TypeName type={event.type} />
          </PagePath>
        }
        actions={
          <>
            <Neighbours event={event} onOpen={open} />
            <span className="flex">
              <EventActions event={event} linkToView={() => location.href} hrefOfSimilar={similarHref} />
            </span>
          </>
        }
      >
        <div className="px-3 pb-2 md:px-4">
          <EventOrigin event={event} />
        </div>
      </PageHeader>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col bg-surface">
          <EventTabs
            event={event}
            tab={tab}
            onTabChange={setTab}
            onOpen={open}
            tabClassNames={{ metadata: "xl:hidden", flow: "xl:hidden" }}
          />
        </div>
        <aside className="hidden w-[32rem] shrink-0 flex-col border-line border-l bg-surface xl:flex">
          {event.correlationId === null ? null : (
            <div className="flex max-h-[45%] min-h-36 flex-1 flex-col border-line border-b">
              <FlowView correlationId={event.correlationId} currentPosition={event.position} onOpen={open} />
            </div>
          )}
          <div className="min-h-0 flex-1 overflow-auto">
            <MetadataList event={event} />
          </div>
        </aside>
      </div>
    </>
  );
}

type NeighboursProps = { event: EventDetailDto; onOpen: (position: string) => void };

/** Steps through the flow in the order in which it was recorded. Nothing for an event without a flow. */
function Neighbours({ event, onOpen }: NeighboursProps) {
  const t = useTranslations("event.neighbours");
  const flow = useQuery({
    ...eventQueries.flow(event.correlationId ?? ""),
    enabled: event.correlationId !== null,
  });
  const nodes = flow.data?.nodes ?? [];
  const { previous, next, place } = neighboursOf(nodes, event.position);
  const step = (to: typeof next) => {
    if (to !== null) onOpen(to.position);
  };
  useShortcuts([
    { keys: "j", label: t("next"), group: "page", run: () => step(next) },
    { keys: "k", label: t("previous"), group: "page", run: () => step(previous) },
  ]);
  if (event.correlationId === null) return null;
  const words = flow.data?.capped ? "placeCapped" : "place";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div role="group" aria-label={t("label")} className="flex items-center gap-1">
      <span className="whitespace-nowrap text-ink-muted text-xs">
        {place === null ? null : t(words, { place, count: nodes.length })}
      </span>
      <IconButton
        label={t("previous")}
        keys="k"
        disabled={previous === null}
        icon={<ChevronUp aria-hidden className="size-4" />}
        onClick={() => step(previous)}
      />
      <IconButton
        label={t("next")}
        keys="j"
        disabled={next === null}
        icon={<ChevronDown aria-hidden className="size-4" />}
        onClick={() => step(next)}
      />
    </div>
  );
}
