"use client";

import { useTranslations } from "next-intl";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { OutcomeBar } from "./outcome-bar.tsx";
import { SelectionLabel } from "./selection-label.tsx";
import { ReplayStatusBadge } from "./status-badge.tsx";

/** The columns of the replays that are over. */
export function useReplayColumns(): DataColumn<ReplayDto>[] {
  const t = useTranslations("replays");
  const format = useFormat();
  const figure = (value: number, isAlarming = false) => (
    <CellFigure value={format.number(value)} isQuiet={value === 0} isAlarming={isAlarming && value > 0} />
  );
  return [
    {
      id: "id",
      header: t("columns.replay"),
      width: 60,
      cell: ({ id }) => <span className="font-medium tabular-nums">{id}</span>,
    },
    {
      id: "status",
      header: t("columns.status"),
      width: 112,
      cell: ({ status }) => <ReplayStatusBadge status={status} />,
    },
    {
      id: "selection",
      header: t("columns.selection"),
      width: 96,
      grows: true,
      cell: ({ selection }) => <SelectionLabel selection={selection} />,
    },
    {
      id: "reason",
      header: t("columns.reason"),
      width: 140,
      grows: true,
      hideBelow: 900,
      cell: ({ reason }) => (
        <span title={reason} className="text-ink-muted">
          {reason}
        </span>
      ),
    },
    {
      id: "outcomes",
      header: t("columns.outcomes"),
      width: 92,
      grows: true,
      cell: (replay) => <OutcomeBar replay={replay} className="h-2" />,
    },
    {
      id: "items",
      header: t("columns.items"),
      width: 84,
      align: "end",
      hideBelow: 520,
      cell: ({ totals }) => figure(totals.itemCount),
    },
    {
      id: "succeeded",
      header: t("columns.succeeded"),
      width: 92,
      align: "end",
      hideBelow: 760,
      cell: ({ totals }) => figure(totals.succeeded),
    },
    {
      id: "failed",
      header: t("columns.failed"),
      width: 84,
      align: "end",
      hideBelow: 420,
      cell: ({ totals }) => figure(totals["failed-same"] + totals["failed-new"], true),
    },
    {
      id: "by",
      header: t("columns.by"),
      width: 110,
      hideBelow: 1000,
      cell: ({ by, rule }) => <span title={rule?.name}>{rule === null ? by : rule.name}</span>,
    },
    {
      id: "created",
      header: t("columns.created"),
      width: 136,
      hideBelow: 560,
      cell: ({ createdAt }) => <Timestamp at={createdAt} shape="minute" className="text-xs" />,
    },
  ];
}
