"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { useSettled } from "#components/ui/use-settled.ts";
import { SAGAS_TOPIC } from "#server/contract/sagas.ts";
import { CorrelationSheet } from "./correlation-sheet.tsx";
import { ListControls } from "./list-controls.tsx";
import { ListEmpty } from "./list-empty.tsx";
import { ANY_TIME, boundsOf, isAnyTime } from "./list-range.ts";
import { ListStates } from "./list-states.tsx";
import { ListTable, type ListTableProps } from "./list-table.tsx";
import { ListTypes } from "./list-types.tsx";
import { FIRST_VIEW, isNarrowed, toggleIn, toSagaFilter } from "./list-view.ts";
import { BehindBadge } from "./recognised-note.tsx";
import { sagaQueries, useRefreshSagas } from "./saga-queries.ts";
import { useListView } from "./use-list-view.ts";

/** Between two letters that are typed nothing is asked for. */
const TYPING_MS = 250;
/** In a storm there is a hint for every second of it; a list that is read anew more often can't be read. */
const FOLD_MS = 2_000;

/** Where every process stands: stuck ones first, counted by state and by what they wait for. */
export function ListExplorer({ onAim }: Pick<ListTableProps, "onAim">) {
  const t = useTranslations("sagas.list");
  const { view, setView, setSearch } = useListView();
  const [range, setRange] = useTimeRange(ANY_TIME);
  const [isConfiguring, setIsConfiguring] = useState(false);
  const q = useSettled(view.q, TYPING_MS) ?? "";
  const filter = useMemo(() => ({ ...toSagaFilter({ ...view, q }), ...boundsOf(range) }), [view, q, range]);
  const counts = useQuery(sagaQueries.counts());
  const refresh = useRefreshSagas();
  useLiveTopic(SAGAS_TOPIC, refresh, FOLD_MS);
  const clear = () => {
    setView({ ...FIRST_VIEW, sort: view.sort });
    setRange(ANY_TIME);
  };
  const controls = { view, setView, setSearch, filter, refresh };
  const types = counts.data?.types ?? [];

  return (
    <>
      <PageHeader
        title={t("title")}
        meta={<BehindBadge recognised={counts.data?.recognised} />}
        actions={<ListControls {...controls} onCorrelation={() => setIsConfiguring(true)} types={types} />}
      >
        {counts.data === undefined ? null : (
          <div className="border-line border-t">
            <ListStates
              counts={counts.data.states}
              chosen={view.state}
              onToggle={(state) => setView({ ...view, state: toggleIn(view.state, state) })}
            />
            <ListTypes types={types} view={view} onViewChange={setView} />
          </div>
        )}
      </PageHeader>
      <ListTable
        filter={filter}
        sort={view.sort}
        onRefresh={refresh}
        onAim={onAim}
        renderEmpty={(page, askedAt) => (
          <ListEmpty
            page={page}
            askedAt={askedAt}
            search={q}
            onClear={isNarrowed(view) || !isAnyTime(range) ? clear : null}
            onCorrelation={() => setIsConfiguring(true)}
          />
        )}
      />
      {isConfiguring ? <CorrelationSheet onClose={() => setIsConfiguring(false)} /> : null}
    </>
  );
}
