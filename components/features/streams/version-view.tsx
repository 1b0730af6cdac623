"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { eventHref } from "#components/shell/destinations.ts";
import { classNames } from "#components/ui/class-names.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { StreamEventsDto } from "#server/contract/streams.ts";
import { ChangeList } from "./change-list.tsx";
import { streamQueries } from "./stream-queries.ts";

type StreamEventDto = StreamEventsDto["events"][number];

type VersionViewProps = {
  type: string;
  id: string;
  version: number;
  isLoading: boolean;
  /** The events of the version: none where it is missing, several where it stands twice. */
  events: readonly StreamEventDto[];
  /** The event before it. */
  before: StreamEventDto | null;
};

/** The aggregate at one version: the state it led to, or its payload, and beside it what the event changed. */
export function VersionView({ type, id, version, isLoading, events, before }: VersionViewProps) {
  const t = useTranslations("streams");
  const state = useQuery(streamQueries.state(type, id, version));
  const [event] = events;
  if (isLoading || state.isPending) return <Skeleton className="m-4 h-40 flex-1" />;
  if (state.isLoadingError) {
    return (
      <div className="flex-1">
        <ErrorNotice title={t("stateFailed")} error={state.error} onRetry={state.refetch} />
      </div>
    );
  }
  if (event === undefined) return <Note>{t("missingVersion", { version })}</Note>;
  const built = state.data.kind === "built" ? state.data : null;
  const text = built === null ? jsonOf(event) : built.state;
  const old = built === null ? jsonOf(before) : built.before;
  return (
    <div className="@container flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <p className="flex min-h-8 flex-wrap items-center gap-x-3 border-line border-b px-3 py-1 text-xs md:px-4">
        <span className="font-medium">
          {built === null ? t("payload", { version }) : t("state", { version })}
        </span>
        {events.map(({ position, type: eventType }) => (
          <span key={position} className="flex gap-x-2">
            <span className="font-mono text-ink-muted">{eventType}</span>
            <Link href={eventHref(position)} prefetch={false} className="text-accent hover:underline">
              {t("openEvent")}
            </Link>
          </span>
        ))}
      </p>
      {state.data.kind === "unbuildable" ? <Note isWarning>{state.data.reason}</Note> : null}
      {state.data.kind === "unknown" ? <Note>{t("noState", { type })}</Note> : null}
      {events.length > 1 ? <Note isWarning>{t("twiceHint", { count: events.length, version })}</Note> : null}
      <div
        // Until the state of this version is there, the one before stands in its place.
        aria-busy={state.isPlaceholderData}
        className={classNames(
          "flex min-h-0 flex-1 flex-col @3xl:flex-row-reverse",
          state.isPlaceholderData && "opacity-60",
        )}
      >
        <ChangeList
          before={old}
          after={text}
          title={built === null ? t("changedPayload") : t("changedState")}
        />
        {text === null ? (
          <div className="flex-1">
            <Note>{t("noJson")}</Note>
          </div>
        ) : (
          <div className="flex min-h-64 flex-1 flex-col border-line border-t @3xl:border-t-0">
            <JsonViewer
              text={text}
              label={built === null ? t("payloadLabel") : t("stateLabel")}
              isDerived={built !== null}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function jsonOf(event: StreamEventDto | null): string | null {
  return event?.data.encoding === "json" ? event.data.text : null;
}

function Note({ children, isWarning = false }: { children: React.ReactNode; isWarning?: boolean }) {
  return (
    <p
      className={
        isWarning
          ? "bg-warn-soft px-3 py-1.5 text-warn-ink text-xs md:px-4"
          : "px-3 py-1.5 text-ink-muted text-xs md:px-4"
      }
    >
      {children}
    </p>
  );
}
