"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { eventHref } from "#components/shell/destinations.ts";
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

/** The aggregate at one version: what the event changed, and the state it led to, or its payload. */
export function VersionView({ type, id, version, isLoading, events, before }: VersionViewProps) {
  const t = useTranslations("streams");
  const state = useQuery(streamQueries.state(type, id, version));
  const [event] = events;
  if (isLoading || state.isPending) return <Skeleton className="m-4 h-40 flex-1" />;
  if (state.isLoadingError) {
    return <ErrorNotice title={t("stateFailed")} error={state.error} onRetry={state.refetch} />;
  }
  if (event === undefined) return <Note>{t("missingVersion", { version })}</Note>;
  const built = state.data.kind === "built" ? state.data : null;
  const text = built === null ? jsonOf(event) : built.state;
  const old = built === null ? jsonOf(before) : built.before;
  const label = built === null ? t("payload", { version }) : t("state", { version });
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <p className="flex flex-wrap items-center gap-x-2 border-line border-b px-3 py-1.5 text-xs md:px-4">
        <span className="font-medium">{label}</span>
        <span className="text-ink-muted">{event.type}</span>
        {events.map(({ position }) => (
          <Link key={position} href={eventHref(position)} className="text-accent hover:underline">
            {t("openEvent")}
          </Link>
        ))}
      </p>
      {state.data.kind === "unbuildable" ? <Note isWarning>{state.data.reason}</Note> : null}
      {state.data.kind === "unknown" ? <Note>{t("noState", { type })}</Note> : null}
      {events.length > 1 ? <Note isWarning>{t("twiceHint", { count: events.length, version })}</Note> : null}
      <ChangeList
        before={old}
        after={text}
        title={built === null ? t("changedPayload") : t("changedState")}
      />
      {text === null ? (
        <Note>{t("noJson")}</Note>
      ) : (
        <div className="flex min-h-64 flex-1 flex-col border-line border-t">
          <JsonViewer key={`${version}`} text={text} label={label} />
        </div>
      )}
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
