"use client";

import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { CaseListDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { ErrorHeadline } from "./error-headline.tsx";
import { HeatStrip } from "./heat-strip.tsx";
import { CaseStatusBadge, FailingNowBadge, ReturnsBadge } from "./status-look.tsx";

type ColumnFacts = {
  buckets: CaseListDto["buckets"];
  /** The name of the window that the trend covers. */
  windowName: string;
  /** The fullest bucket of all listed cases. */
  most: number;
};

/** What the list shows of each case: what fails, how bad it is, and who has it. */
export function useCaseColumns({
  buckets,
  windowName,
  most,
}: ColumnFacts): readonly DataColumn<FailureCaseDto>[] {
  const t = useTranslations("deadLetters.cases.columns");
  const format = useFormat();
  return [
    {
      id: "case",
      header: t("case"),
      width: 190,
      grows: true,
      cell: (row) => <WhatFails failureCase={row} />,
    },
    {
      id: "parked",
      header: t("parked"),
      width: 74,
      align: "end",
      cell: ({ letters: { parked } }) => (
        <CellFigure value={format.number(parked)} isQuiet={parked === 0} isAlarming={parked > 0} />
      ),
    },
    {
      id: "trend",
      header: t("trend", { window: windowName }),
      width: 200,
      hideBelow: 700,
      cell: ({ series }) => <HeatStrip series={series} buckets={buckets} most={most} />,
    },
    {
      id: "lastSeen",
      header: t("lastSeen"),
      width: 124,
      hideBelow: 520,
      cell: ({ lastSeenAt, firstSeenAt }) => (
        <span className="flex flex-col text-xs leading-4">
          <Timestamp at={lastSeenAt} shape="relative" />
          <span className="truncate text-ink-faint">
            {t.rich("since", { time: () => <Timestamp at={firstSeenAt} shape="relative" /> })}
          </span>
        </span>
      ),
    },
    {
      id: "owner",
      header: t("owner"),
      width: 116,
      hideBelow: 900,
      cell: ({ owner }) =>
        owner === null ? (
          <span className="text-ink-faint text-xs">{t("nobody")}</span>
        ) : (
          <span title={owner} className="text-xs">
            {owner}
          </span>
        ),
    },
    {
      id: "status",
      header: t("status"),
      width: 100,
      hideBelow: 800,
      cell: (row) => <CaseStatusBadge failureCase={row} />,
    },
  ];
}

function WhatFails({ failureCase }: { failureCase: FailureCaseDto }) {
  const { consumer, type, error, message } = failureCase;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex min-w-0 items-center gap-1.5">
        <NodeIcon kind="consumer" />
        <span title={consumer} className="shrink-0 truncate font-medium max-sm:shrink">
          {consumer}
        </span>
        <TypeName type={type} className="text-ink-muted text-xs" />
        <FailingNowBadge failureCase={failureCase} />
        <ReturnsBadge failureCase={failureCase} />
      </span>
      <span title={message} className="truncate text-ink-muted text-xs">
        <ErrorHeadline error={error} />
      </span>
    </span>
  );
}
