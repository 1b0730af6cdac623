"use client";

import { useTranslations } from "next-intl";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { clockSkewMs } from "./clock-skew.ts";

/** Under an event's type: who sent it, about what, when by our clock and, where they differ, by the sender's. */
export function EventOrigin({ event }: { event: EventSummaryDto }) {
  const t = useTranslations("event");
  const format = useFormat();
  const skewMs = clockSkewMs(event);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-ink-muted text-xs">
      <span className="flex min-w-0 items-center gap-1.5">
        <NodeIcon kind="producer" />
        <span title={event.source} className="truncate font-mono">
          {event.source}
        </span>
      </span>
      {event.subject === null ? null : (
        <span title={event.subject} className="min-w-0 truncate font-mono">
          {event.subject}
        </span>
      )}
      {event.kind === null ? null : <Badge>{t(`kinds.${event.kind}`)}</Badge>}
      <Timestamp at={event.recordedAt} happenedAt={event.time} shape="dateTime" />
      {skewMs === null || event.time === null ? null : (
        <span className="text-warn-ink">
          {t("producerSays", {
            time: format.dateTime(event.time),
            duration: format.duration(Math.abs(skewMs)),
            direction: skewMs > 0 ? "ahead" : "behind",
          })}
        </span>
      )}
    </div>
  );
}
