"use client";

import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { StreamDto } from "#server/contract/streams.ts";

/** What the table shows of each stream. */
export function useStreamColumns(): readonly DataColumn<StreamDto>[] {
  const t = useTranslations("streams.columns");
  const format = useFormat();
  return [
    { id: "type", header: t("type"), width: 88, grows: true, cell: ({ type }) => <Text text={type} /> },
    {
      id: "id",
      header: t("id"),
      width: 120,
      grows: true,
      cell: ({ id }) => <Text text={id} isCode />,
    },
    {
      id: "version",
      header: t("version"),
      width: 84,
      align: "end",
      cell: ({ version }) => <span className="text-xs tabular-nums">{format.number(version)}</span>,
    },
    {
      id: "lastEvent",
      header: t("lastEvent"),
      width: 98,
      align: "end",
      cell: ({ lastEventAt }) => (
        <Timestamp at={lastEventAt} shape="relative" className="text-ink-muted text-xs" />
      ),
    },
    {
      id: "problems",
      header: t("problems"),
      width: 260,
      grows: true,
      hideBelow: 700,
      cell: (stream) => <StreamProblems stream={stream} />,
    },
  ];
}

function Text({ text, isCode = false }: { text: string; isCode?: boolean }) {
  return (
    <span title={text} className={isCode ? "truncate font-mono text-xs" : "truncate"}>
      {text}
    </span>
  );
}

/** Whether there is anything that `StreamProblems` would say. */
export function hasProblems({ missing, duplicates, observed }: StreamDto): boolean {
  return missing > 0 || duplicates > 0 || observed > 0;
}

/** What is wrong with the versions of a stream, and whose they are; nothing for a stream that is whole and ours. */
export function StreamProblems({ stream }: { stream: StreamDto }) {
  const t = useTranslations("streams");
  return (
    <span className="inline-flex items-center gap-1">
      {stream.missing > 0 ? <Badge tone="warn">{t("missing", { count: stream.missing })}</Badge> : null}
      {stream.duplicates > 0 ? (
        <Badge tone="warn">{t("duplicates", { count: stream.duplicates })}</Badge>
      ) : null}
      {stream.observed > 0 ? (
        <span title={t("observedHint")} className="inline-flex">
          <Badge tone="neutral">{t("observed")}</Badge>
        </span>
      ) : null}
    </span>
  );
}
