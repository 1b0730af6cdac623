"use client";

import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { TypeSummaryDto } from "#server/contract/schemas.ts";
import { PolicyBadge, violationRate } from "./type-look.tsx";

/** What the table shows of each event type. */
export function useTypeColumns(): readonly DataColumn<TypeSummaryDto>[] {
  const t = useTranslations("schemas.columns");
  const words = useTranslations("schemas");
  const format = useFormat();
  return [
    {
      id: "type",
      header: t("type"),
      width: 150,
      grows: true,
      cell: ({ type }) => <TypeName type={type} className="text-xs" />,
    },
    { id: "policy", header: t("policy"), width: 92, cell: ({ policy }) => <PolicyBadge policy={policy} /> },
    {
      id: "versions",
      header: t("versions"),
      width: 92,
      hideBelow: 600,
      cell: ({ versions }) => <Names names={versions.toReversed()} isCode />,
    },
    {
      id: "seen",
      header: t("seen"),
      width: 96,
      hideBelow: 980,
      cell: ({ sample }) => (
        <Names names={sample.versions.map((version) => version ?? words("nameless"))} isCode />
      ),
    },
    {
      id: "events",
      header: t("events"),
      width: 72,
      align: "end",
      hideBelow: 480,
      cell: ({ events }) => <CellFigure value={format.number(events)} isQuiet={events === 0} />,
    },
    {
      id: "violations",
      header: t("violations"),
      width: 84,
      align: "end",
      cell: (row) => {
        const rate = violationRate(row);
        return (
          <CellFigure
            value={rate === null ? null : format.percent(rate)}
            isQuiet={rate === 0}
            isAlarming={rate !== null && rate > 0}
          />
        );
      },
    },
    {
      id: "refused",
      header: t("refused"),
      width: 72,
      align: "end",
      hideBelow: 760,
      cell: ({ refused }) => (
        <CellFigure value={format.number(refused)} isQuiet={refused === 0} isAlarming={refused > 0} />
      ),
    },
    {
      id: "fields",
      header: t("fields"),
      width: 64,
      align: "end",
      hideBelow: 860,
      cell: ({ sample }) => (
        <span title={sample.fields.join("\n")}>
          <CellFigure
            value={`${format.number(sample.fields.length)}${sample.fieldsCapped ? "+" : ""}`}
            isQuiet={sample.fields.length === 0}
          />
        </span>
      ),
    },
    {
      id: "producers",
      header: t("producers"),
      width: 140,
      hideBelow: 700,
      cell: ({ sample }) => <Names names={sample.producers} isCode />,
    },
    {
      id: "consumers",
      header: t("consumers"),
      width: 130,
      hideBelow: 820,
      cell: ({ consumers }) => <Names names={consumers} />,
    },
    {
      id: "lastEvent",
      header: t("lastEvent"),
      width: 92,
      align: "end",
      hideBelow: 560,
      cell: ({ sample }) =>
        sample.lastEventAt === null ? (
          <CellFigure value={null} />
        ) : (
          <Timestamp at={sample.lastEventAt} shape="relative" className="text-ink-muted text-xs" />
        ),
    },
  ];
}

/** A few names in one line; all of them when pointed at. */
function Names({ names, isCode = false }: { names: readonly string[]; isCode?: boolean }) {
  if (names.length === 0) return <span className="text-ink-faint text-xs">–</span>;
  return (
    <span
      title={names.join("\n")}
      className={classNames("block min-w-0 truncate text-ink-muted text-xs", isCode && "font-mono")}
    >
      {names.join(", ")}
    </span>
  );
}
