"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { caseHref, consumerHref, eventHref, letterHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ReplayItemDto } from "#server/contract/replays.ts";
import { standOf } from "./item-stand.ts";
import { StandBadge } from "./outcome-look.tsx";

/** The columns of a replay's items. */
export function useItemColumns(): DataColumn<ReplayItemDto>[] {
  const t = useTranslations("replays.items");
  const format = useFormat();
  return [
    {
      id: "stand",
      header: t("stand"),
      width: 168,
      cell: (item) => <StandBadge stand={standOf(item)} />,
    },
    {
      id: "letter",
      header: t("letter"),
      width: 176,
      grows: true,
      cell: (item) => (
        <span className="inline-flex max-w-full items-center gap-2">
          <Link
            href={letterHref(item)}
            prefetch={false}
            className="truncate font-mono text-xs hover:underline"
          >
            {item.position}
          </Link>
          {item.isEdited ? <Badge tone="info">{t("edited")}</Badge> : null}
        </span>
      ),
    },
    {
      id: "newCase",
      header: t("newCase"),
      width: 120,
      hideBelow: 420,
      cell: ({ newCase, case: before }) =>
        newCase === null ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <Link href={caseHref(newCase)} prefetch={false} className="text-xs hover:underline">
            {t(newCase === before ? "sameCase" : "otherCase", { id: newCase })}
          </Link>
        ),
    },
    {
      id: "consumer",
      header: t("consumer"),
      width: 140,
      grows: true,
      hideBelow: 560,
      cell: ({ consumer }) => (
        <Link
          href={consumerHref(consumer)}
          prefetch={false}
          title={consumer}
          className="text-xs hover:underline"
        >
          {consumer}
        </Link>
      ),
    },
    {
      id: "key",
      header: t("key"),
      width: 120,
      grows: true,
      hideBelow: 760,
      cell: ({ partitionKey }) =>
        partitionKey === null ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <span title={partitionKey} className="font-mono text-xs">
            {partitionKey}
          </span>
        ),
    },
    {
      id: "event",
      header: t("event"),
      width: 84,
      hideBelow: 900,
      cell: ({ position }) => (
        <Link href={eventHref(position)} prefetch={false} className="text-xs hover:underline">
          {t("open")}
        </Link>
      ),
    },
    {
      id: "started",
      header: t("started"),
      width: 116,
      hideBelow: 640,
      cell: ({ startedAt }) =>
        startedAt === null ? (
          <span className="text-ink-faint">–</span>
        ) : (
          <Timestamp at={startedAt} className="font-mono text-xs" />
        ),
    },
    {
      id: "took",
      header: t("took"),
      width: 92,
      align: "end",
      hideBelow: 640,
      cell: ({ startedAt, endedAt }) => (
        <span className="text-xs tabular-nums">
          {startedAt === null || endedAt === null
            ? "–"
            : format.duration(Date.parse(endedAt) - Date.parse(startedAt))}
        </span>
      ),
    },
  ];
}
