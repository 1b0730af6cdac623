"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Maximize2, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ApiError } from "#components/lib/api-error.ts";
import { eventHref } from "#components/shell/destinations.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { EventDetailDto } from "#server/contract/events.ts";
import type { SimilarBy } from "./attributes.ts";
import { EventActions } from "./event-actions.tsx";
import type { EventTab } from "./event-address.ts";
import { EventOrigin } from "./event-heading.tsx";
import { eventQueries } from "./event-queries.ts";
import { EventTabs } from "./event-tabs.tsx";
import { TypeName } from "./type-name.tsx";

type EventPanelProps = {
  position: string;
  tab: EventTab;
  onTabChange: (tab: EventTab) => void;
  /** Opens another event in this panel. */
  onOpen: (position: string) => void;
  onClose: () => void;
  linkToView: () => string;
  hrefOfSimilar: (event: EventDetailDto, by: SimilarBy, value: string) => string;
};

/** One event beside a list of events. */
export function EventPanel(props: EventPanelProps) {
  const { position, onClose } = props;
  const t = useTranslations("event");
  // Walking through a list must not flicker: the last event stays until the next one is there.
  const event = useQuery({ ...eventQueries.byPosition(position), placeholderData: keepPreviousData });

  if (event.isPending) {
    return (
      <Frame onClose={onClose} title={<Skeleton className="w-56" />}>
        <div role="status" aria-busy aria-label={t("loading")} className="flex flex-col gap-3 p-4">
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
          <Skeleton className="w-3/4" />
        </div>
      </Frame>
    );
  }
  if (event.isError) {
    return (
      <Frame onClose={onClose} title={t("atPosition", { position })}>
        {event.error instanceof ApiError && event.error.status === 404 ? (
          <EmptyState title={t("notFound.title")}>{t("notFound.body")}</EmptyState>
        ) : (
          <ErrorNotice title={t("loadFailed")} error={event.error} onRetry={event.refetch} />
        )}
      </Frame>
    );
  }
  return (
    <Frame
      onClose={onClose}
      isBusy={event.isPlaceholderData}
      title={<TypeName type={event.data.type} className="text-sm" />}
      origin={<EventOrigin event={event.data} />}
      actions={
        <>
          <EventActions
            event={event.data}
            linkToView={props.linkToView}
            hrefOfSimilar={props.hrefOfSimilar}
          />
          <OpenPageLink position={event.data.position} />
        </>
      }
    >
      <EventTabs event={event.data} tab={props.tab} onTabChange={props.onTabChange} onOpen={props.onOpen} />
    </Frame>
  );
}

type FrameProps = {
  title: ReactNode;
  origin?: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  isBusy?: boolean;
  children: ReactNode;
};

function Frame({ title, origin, actions, onClose, isBusy = false, children }: FrameProps) {
  const t = useTranslations("event");
  return (
    <section aria-label={t("panel")} aria-busy={isBusy} className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-col gap-1 px-3 py-2 md:px-4">
        <div className="flex flex-wrap items-center justify-end gap-1">
          <h2 className="min-w-0 flex-1 font-medium max-sm:order-last max-sm:basis-full">{title}</h2>
          {actions}
          <IconButton
            label={t("actions.close")}
            keys="escape"
            icon={<X aria-hidden className="size-4" />}
            onClick={onClose}
          />
        </div>
        {origin}
      </header>
      {children}
    </section>
  );
}

function OpenPageLink({ position }: { position: string }) {
  const t = useTranslations("event.actions");
  return (
    <Tooltip content={t("openPage")}>
      <Link
        href={eventHref(position)}
        prefetch={false}
        aria-label={t("openPage")}
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink pointer-coarse:size-10"
      >
        <Maximize2 aria-hidden className="size-4" />
      </Link>
    </Tooltip>
  );
}
