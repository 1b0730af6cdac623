"use client";

import { useTranslations } from "next-intl";
import { ageMs, earlierFailure, standingOf } from "#components/lib/saga-standing.ts";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { readStepName } from "#components/lib/step-name.ts";
import { useStandingWords } from "#components/lib/use-standing-words.ts";
import { classNames } from "#components/ui/class-names.ts";
import type { DataColumn } from "#components/ui/data-table-columns.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { RowTick } from "#components/ui/row-tick.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { SagaDto } from "#server/contract/sagas.ts";
import { ListProgress } from "./list-progress.tsx";

type ColumnFacts = { isTicked: (saga: SagaDto) => boolean; onTick: (saga: SagaDto) => void };

/** What the list shows of each saga: how it is, which one it is, where it is, and how far it got. */
export function useSagaColumns({ isTicked, onTick }: ColumnFacts): readonly DataColumn<SagaDto>[] {
  const t = useTranslations("sagas.columns");
  const bases = useTranslations("trace.bases");
  return [
    {
      id: "tick",
      header: "",
      width: 40,
      cell: (saga) => (
        <RowTick
          label={t("tick", { key: nameOf(saga) })}
          isTicked={isTicked(saga)}
          onTick={() => onTick(saga)}
        />
      ),
    },
    {
      id: "state",
      header: t("state"),
      width: 124,
      cell: ({ state, since }) => (
        <span className="flex flex-col items-start gap-0.5">
          <SagaStateBadge state={state} />
          <span className="text-2xs text-ink-faint">
            <Timestamp at={since} shape="relative" />
          </span>
        </span>
      ),
    },
    { id: "saga", header: t("saga"), width: 170, grows: true, cell: (saga) => <WhichSaga saga={saga} /> },
    {
      id: "where",
      header: t("where"),
      width: 280,
      grows: true,
      hideBelow: 640,
      cell: (saga) => <WhereItIs saga={saga} />,
    },
    {
      id: "progress",
      header: t("progress"),
      width: 170,
      hideBelow: 760,
      cell: ({ progress, state }) => <ListProgress progress={progress} state={state} />,
    },
    {
      id: "age",
      header: t("age"),
      width: 120,
      align: "end",
      hideBelow: 500,
      cell: (saga) => <Age saga={saga} />,
    },
    {
      id: "started",
      header: t("started"),
      width: 132,
      hideBelow: 1100,
      cell: ({ startedAt }) => <Timestamp at={startedAt} shape="minute" className="text-xs" />,
    },
    {
      id: "basis",
      header: t("basis"),
      width: 140,
      hideBelow: 980,
      cell: ({ basis }) => <span className="text-ink-muted text-xs">{bases(basis)}</span>,
    },
  ];
}

function nameOf({ key, reference }: SagaDto): string {
  return key ?? reference.value;
}

function WhichSaga({ saga }: { saga: SagaDto }) {
  const words = useStandingWords();
  // There is little room for it: who does the step is enough.
  const where = words(standingOf(saga, (step) => readStepName(step).title));
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span title={nameOf(saga)} className="truncate font-medium font-mono text-xs">
        {nameOf(saga)}
      </span>
      <span title={saga.name} className="truncate text-ink-muted text-xs max-sm:hidden">
        {saga.name}
      </span>
      <span title={where} className="truncate text-ink-muted text-xs sm:hidden">
        {where === "" ? saga.name : where}
      </span>
    </span>
  );
}

function WhereItIs({ saga }: { saga: SagaDto }) {
  const words = useStandingWords();
  const standing = standingOf(saga);
  const where = words(standing);
  const earlier = earlierFailure(saga);
  if (where === "") return <span className="text-ink-faint text-xs">–</span>;
  return (
    <span className="flex min-w-0 flex-col gap-0.5 text-xs">
      <span
        title={where}
        className={classNames(
          earlier === null ? "line-clamp-2 whitespace-normal leading-4" : "truncate",
          standing.kind === "failed" && "text-danger-ink",
        )}
      >
        {where}
      </span>
      {earlier === null ? null : (
        <span title={words(earlier)} className="truncate text-danger-ink">
          {words(earlier)}
        </span>
      )}
    </span>
  );
}

function Age({ saga }: { saga: SagaDto }) {
  const t = useTranslations("sagas.columns");
  const format = useFormat();
  const now = useNow();
  const age = format.duration(ageMs(saga, now));
  return (
    <span className="flex flex-col text-xs leading-4" suppressHydrationWarning>
      <span className="tabular-nums" suppressHydrationWarning>
        {age}
      </span>
      <span className="text-2xs text-ink-faint">{t(saga.endedAt === null ? "soFar" : "took")}</span>
    </span>
  );
}
