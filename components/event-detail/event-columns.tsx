"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { TypeName } from "./type-name.tsx";

/** What a list shows of each event. The same array until language or time zone change. */
export function useEventColumns(): readonly DataColumn<EventSummaryDto>[] {
  const t = useTranslations("events.columns");
  const kinds = useTranslations("event.kindNames");
  const format = useFormat();
  return useMemo(() => {
    const today = format.date(Date.now());
    return [
      {
        id: "recordedAt",
        header: t("recordedAt"),
        width: 148,
        cell: (event) => <RecordedAt event={event} date={format.date(event.recordedAt)} today={today} />,
      },
      {
        id: "type",
        header: t("type"),
        width: 200,
        grows: true,
        cell: (event) => <TypeName type={event.type} className="text-xs" />,
      },
      {
        id: "source",
        header: t("source"),
        width: 150,
        grows: true,
        hideBelow: 520,
        cell: (event) => <Code>{event.source}</Code>,
      },
      {
        id: "subject",
        header: t("subject"),
        width: 130,
        hideBelow: 640,
        cell: (event) => <Code>{event.subject}</Code>,
      },
      {
        id: "kind",
        header: t("kind"),
        width: 96,
        hideBelow: 960,
        cell: ({ kind }) =>
          kind === null ? null : (
            <Badge tone={kind === "command" ? "accent" : "neutral"}>{kinds(kind)}</Badge>
          ),
      },
      {
        id: "correlationId",
        header: t("correlationId"),
        width: 150,
        hideBelow: 860,
        cell: (event) => <Code>{event.correlationId}</Code>,
      },
      {
        id: "channel",
        header: t("channel"),
        width: 110,
        // Most events travel a channel by its rules, without naming it.
        isHiddenAtFirst: true,
        cell: (event) => <Code>{event.channel}</Code>,
      },
      {
        id: "id",
        header: t("id"),
        width: 190,
        isHiddenAtFirst: true,
        cell: (event) => <Code>{event.id}</Code>,
      },
      {
        id: "dataBytes",
        header: t("size"),
        width: 82,
        align: "end",
        hideBelow: 720,
        cell: (event) => <span className="text-ink-muted text-xs">{format.bytes(event.dataBytes)}</span>,
      },
    ];
  }, [t, kinds, format]);
}

type RecordedAtProps = { event: EventSummaryDto; date: string; today: string };

/** The time of day; before it the day, where it is not today. */
function RecordedAt({ event, date, today }: RecordedAtProps) {
  return (
    <span className="whitespace-nowrap text-xs">
      {date === today ? null : <span className="text-ink-faint">{date.slice(5)} </span>}
      <Timestamp at={event.recordedAt} happenedAt={event.time} />
    </span>
  );
}

function Code({ children }: { children: string | null }) {
  if (children === null) return null;
  return (
    <span title={children} className="font-mono text-ink-muted text-xs">
      {children}
    </span>
  );
}
