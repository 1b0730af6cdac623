"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { caseHref } from "#components/shell/destinations.ts";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { RowTick } from "#components/ui/row-tick.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { LetterSummaryDto } from "#server/contract/dead-letters.ts";
import { letterId } from "./letter-id.ts";
import { shortMessage } from "./short-message.ts";
import { LetterStatusBadge } from "./status-look.tsx";

type ColumnFacts = {
  isTicked: (id: string) => boolean;
  onTick: (id: string, isRange: boolean) => void;
  /** Left out where every letter has the same. */
  without?: readonly string[];
};

/** What a list shows of each dead letter. */
export function useLetterColumns({
  isTicked,
  onTick,
  without = [],
}: ColumnFacts): readonly DataColumn<LetterSummaryDto>[] {
  const t = useTranslations("deadLetters.letters.columns");
  const format = useFormat();
  const columns: DataColumn<LetterSummaryDto>[] = [
    {
      id: "tick",
      header: "",
      width: 40,
      cell: (letter) => (
        <RowTick
          label={t("tick")}
          isTicked={isTicked(letterId(letter))}
          onTick={(isRange) => onTick(letterId(letter), isRange)}
        />
      ),
    },
    {
      id: "diedAt",
      header: t("diedAt"),
      width: 104,
      cell: ({ diedAt }) => <Timestamp at={diedAt} shape="relative" className="text-xs" />,
    },
    {
      id: "status",
      header: t("status"),
      width: 110,
      hideBelow: 560,
      cell: ({ status }) => <LetterStatusBadge status={status} />,
    },
    {
      id: "consumer",
      header: t("consumer"),
      width: 130,
      hideBelow: 640,
      cell: ({ consumer }) => (
        <span title={consumer} className="text-xs">
          {consumer}
        </span>
      ),
    },
    {
      id: "type",
      header: t("type"),
      width: 150,
      hideBelow: 760,
      grows: true,
      cell: ({ type }) => <TypeName type={type} className="text-xs" />,
    },
    {
      id: "message",
      header: t("message"),
      width: 160,
      grows: true,
      cell: ({ message, consumer }) => (
        <span title={message} className="text-xs">
          {without.includes("consumer") ? null : (
            <span className="font-medium sm:hidden">{`${consumer} `}</span>
          )}
          {shortMessage(message)}
        </span>
      ),
    },
    {
      id: "partitionKey",
      header: t("key"),
      width: 120,
      hideBelow: 860,
      cell: ({ partitionKey }) =>
        partitionKey === null ? null : (
          <span title={partitionKey} className="font-mono text-ink-muted text-xs">
            {partitionKey}
          </span>
        ),
    },
    {
      id: "attempts",
      header: t("attempts"),
      width: 78,
      align: "end",
      hideBelow: 960,
      cell: ({ attempts }) => <CellFigure value={format.number(attempts)} />,
    },
    {
      id: "deaths",
      header: t("deaths"),
      width: 72,
      align: "end",
      hideBelow: 1040,
      cell: ({ deaths }) => <CellFigure value={format.number(deaths)} isQuiet={deaths === 1} />,
    },
    {
      id: "case",
      header: t("case"),
      width: 72,
      hideBelow: 700,
      cell: ({ case: id }) => (
        <Link href={caseHref(id)} prefetch={false} className="text-accent text-xs hover:underline">
          {`#${id}`}
        </Link>
      ),
    },
  ];
  return columns.filter(({ id }) => !without.includes(id));
}
