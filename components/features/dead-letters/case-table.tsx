"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { newReplayHref } from "#components/shell/destinations.ts";
import { DataTable } from "#components/ui/data-table.tsx";
import { FloatingPill } from "#components/ui/floating-pill.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import type { CaseListDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { useCaseColumns } from "./case-columns.tsx";
import type { CaseView } from "./case-view.ts";
import { MuteDialog } from "./mute-dialog.tsx";
import { OwnerDialog } from "./owner-dialog.tsx";
import { useResolveCase } from "./use-resolve-case.ts";

const ROW_HEIGHT = 52;
const idOf = ({ id }: FailureCaseDto) => String(id);

type CaseTableProps = {
  cases: readonly FailureCaseDto[];
  /** Cases that the list would not have if it were asked for now. */
  left: ReadonlySet<string>;
  arrivals: number;
  onShowArrivals: () => void;
  page: CaseListDto;
  view: CaseView;
  isBusy: boolean;
  activeId: string | null;
  onActiveChange: (id: string | null) => void;
  onOpen: (failureCase: FailureCaseDto) => void;
  onChanged: (failureCase: FailureCaseDto) => void;
  onEndReached?: () => void;
};

type Asked = { kind: "mute" | "owner"; failureCase: FailureCaseDto } | null;

/** The cases, with a key for everything that is done about one of them. */
export function CaseTable(props: CaseTableProps) {
  const { cases, left, arrivals, page, view, activeId } = props;
  const t = useTranslations("deadLetters.cases");
  const presets = useTranslations("timeRange.preset");
  const router = useRouter();
  const [asked, setAsked] = useState<Asked>(null);
  const resolve = useResolveCase(props.onChanged);
  const most = useMemo(() => Math.max(1, ...cases.flatMap(({ series }) => series)), [cases]);
  const columns = useCaseColumns({
    buckets: page.buckets,
    windowName: presets(view.window),
    most,
  });
  /** Without a row under the cursor a key leads to the first one, and does nothing yet. */
  const withCase = (act: (failureCase: FailureCaseDto) => void) => () => {
    const active = cases.find((each) => idOf(each) === activeId);
    const [first] = cases;
    if (active !== undefined) act(active);
    else if (first !== undefined) props.onActiveChange(idOf(first));
  };
  const ask = (kind: "mute" | "owner") => withCase((failureCase) => setAsked({ kind, failureCase }));
  useShortcuts([
    {
      keys: "r",
      label: t("keys.replay"),
      group: "page",
      run: withCase(({ id }) => router.push(newReplayHref({ kind: "case", case: id }))),
    },
    { keys: "m", label: t("keys.mute"), group: "page", run: ask("mute") },
    { keys: "o", label: t("keys.owner"), group: "page", run: ask("owner") },
    { keys: "e", label: t("keys.resolve"), group: "page", run: withCase(resolve.toggle) },
  ]);
  const close = () => setAsked(null);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {arrivals === 0 ? null : (
        <FloatingPill onClick={props.onShowArrivals}>{t("arrivals", { count: arrivals })}</FloatingPill>
      )}
      <DataTable
        label={t("label")}
        columns={columns}
        rows={cases}
        getRowId={idOf}
        rowHeight={ROW_HEIGHT}
        activeId={activeId}
        onActiveChange={props.onActiveChange}
        onOpen={props.onOpen}
        rowClassName={(row) => (left.has(idOf(row)) ? "opacity-60" : undefined)}
        isBusy={props.isBusy}
        className="bg-surface"
        footer={<Footer page={page} listed={cases.length} />}
        {...(props.onEndReached && { onEndReached: props.onEndReached })}
      />
      {asked?.kind === "mute" ? (
        <MuteDialog failureCase={asked.failureCase} onDone={props.onChanged} onClose={close} />
      ) : null}
      {asked?.kind === "owner" ? (
        <OwnerDialog failureCase={asked.failureCase} onDone={props.onChanged} onClose={close} />
      ) : null}
    </div>
  );
}

function Footer({ page: { total, ungrouped }, listed }: { page: CaseListDto; listed: number }) {
  const t = useTranslations("deadLetters.cases.end");
  return (
    <p className="sticky left-0 w-fit px-3 py-2 text-ink-muted text-xs md:px-4">
      {listed < total ? t("listed", { listed, total }) : t("all")}
      {ungrouped === 0 ? null : ` ${t("ungrouped", { count: ungrouped })}`}
    </p>
  );
}
