"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { useRate } from "#components/lib/use-rate.ts";
import { CellFigure } from "#components/ui/cell-figure.tsx";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { ProcessingDto } from "#server/contract/processing.ts";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { ChannelLabel, ConsumerStateBadge, TargetLabel, useBoundedCount } from "./consumer-look.tsx";

type ProcessingItem = ProcessingDto["items"][number];

type ColumnFacts = {
  channels: readonly ChannelDto[];
  /** How consumers fared in the time range; undefined until it is known. */
  processing: ProcessingDto | undefined;
};

/** What the table shows of each consumer: what it is owed now, and how it fared in the time range. */
export function useConsumerColumns({
  channels,
  processing,
}: ColumnFacts): readonly DataColumn<SubscriptionStatusDto>[] {
  const t = useTranslations("consumers.columns");
  const orderings = useTranslations("consumers.orderings");
  const format = useFormat();
  const bounded = useBoundedCount();
  const rate = useRate();
  const kindOf = useMemo(() => new Map(channels.map(({ name, kind }) => [name, kind])), [channels]);
  const faredOf = useMemo(() => new Map(processing?.items.map((item) => [item.name, item])), [processing]);
  const windowMs =
    processing === undefined ? 0 : Date.parse(processing.window.to) - Date.parse(processing.window.from);
  /** A number of the time range: a dash until it is known, and nothing happened where it does not tell. */
  const fared = (consumer: string, read: (item: ProcessingItem) => number | null) => {
    if (processing === undefined) return null;
    const item = faredOf.get(consumer);
    return item === undefined ? 0 : read(item);
  };
  return [
    {
      id: "consumer",
      header: t("consumer"),
      width: 112,
      grows: true,
      cell: ({ consumer }) => (
        <span className="inline-flex max-w-full items-center gap-1.5 font-medium">
          <NodeIcon kind="consumer" />
          <span title={consumer} className="truncate">
            {consumer}
          </span>
        </span>
      ),
    },
    { id: "state", header: t("state"), width: 100, cell: (row) => <ConsumerStateBadge consumer={row} /> },
    {
      id: "channel",
      header: t("channel"),
      width: 130,
      hideBelow: 720,
      cell: ({ channel }) => (
        <span className="inline-flex max-w-full text-xs">
          <ChannelLabel name={channel} kind={channel === null ? undefined : kindOf.get(channel)} />
        </span>
      ),
    },
    {
      id: "backlog",
      header: t("backlog"),
      width: 80,
      align: "end",
      cell: ({ backlog }) => (
        <CellFigure value={backlog === null ? null : bounded(backlog)} isQuiet={backlog?.count === 0} />
      ),
    },
    {
      id: "oldestWaiting",
      header: t("oldestWaiting"),
      width: 108,
      align: "end",
      hideBelow: 500,
      cell: ({ oldestWaitingSeconds: seconds }) => (
        <CellFigure value={seconds === null ? null : format.duration(Math.ceil(seconds) * 1000)} />
      ),
    },
    {
      id: "throughput",
      header: t("throughput"),
      width: 88,
      align: "end",
      hideBelow: 800,
      cell: ({ consumer }) => {
        const handled = fared(consumer, (item) => item.successful_events);
        return (
          <CellFigure
            value={handled === null ? null : rate((handled * 1_000) / windowMs)}
            isQuiet={handled === 0}
          />
        );
      },
    },
    {
      id: "failureRate",
      header: t("failureRate"),
      width: 88,
      align: "end",
      hideBelow: 590,
      cell: ({ consumer }) => {
        const ratio = faredOf.get(consumer)?.failure_rate ?? null;
        return <CellFigure value={ratio === null ? null : format.percent(ratio)} isQuiet={ratio === 0} />;
      },
    },
    {
      id: "p95",
      header: t("p95"),
      width: 72,
      align: "end",
      hideBelow: 880,
      cell: ({ consumer }) => {
        const p95 = faredOf.get(consumer)?.processing_time.p95 ?? null;
        return <CellFigure value={p95 === null ? null : format.duration(p95)} />;
      },
    },
    {
      id: "retried",
      header: t("retried"),
      width: 76,
      align: "end",
      hideBelow: 960,
      cell: ({ consumer }) => {
        const retried = fared(consumer, (item) => item.retried);
        return (
          <CellFigure value={retried === null ? null : format.number(retried)} isQuiet={retried === 0} />
        );
      },
    },
    {
      id: "dead",
      header: t("dead"),
      width: 92,
      align: "end",
      cell: ({ dead }) => (
        <CellFigure value={bounded(dead)} isQuiet={dead.count === 0} isAlarming={dead.count > 0} />
      ),
    },
    {
      id: "ordering",
      header: t("ordering"),
      width: 112,
      hideBelow: 1300,
      cell: ({ ordering }) => <Small>{orderings(ordering)}</Small>,
    },
    {
      id: "target",
      header: t("target"),
      width: 190,
      grows: true,
      hideBelow: 1180,
      cell: ({ target }) => (
        <Small>
          <TargetLabel target={target} />
        </Small>
      ),
    },
  ];
}

function Small({ children }: { children: React.ReactNode }) {
  return <span className="text-ink-muted text-xs">{children}</span>;
}
