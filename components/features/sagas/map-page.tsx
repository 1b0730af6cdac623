"use client";

import { useQuery } from "@tanstack/react-query";
import { List, Waypoints } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ReactFlowProvider } from "reactflow";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { PagePath } from "#components/shell/page-path.tsx";
import { TimeRangePicker } from "#components/shell/time-range-picker.tsx";
import { useTimeRange } from "#components/shell/use-time-range.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { type ProcessMapDto, SAGAS_TOPIC } from "#server/contract/sagas.ts";
import { sagasHref } from "./list-view.ts";
import { MapPane } from "./map-pane.tsx";
import { MAP_RANGE, mapWindow } from "./map-range.ts";
import { BehindBadge } from "./recognised-note.tsx";
import { sagaQueries, useRefreshSagas } from "./saga-queries.ts";

/** Whole hours are summed up for a map: it is not read anew with every saga that ends. */
const FOLD_MS = 10_000;

/** How sagas of one type really go: which ways they take, how long that takes, where they end and where they wait. */
export function MapPage({ type }: { type: string }) {
  const t = useTranslations("sagas.map");
  const list = useTranslations("sagas.list");
  const [range] = useTimeRange(MAP_RANGE);
  // The hour in which a page was opened; everything later belongs to a span that ends now anyway.
  const [now] = useState(Date.now);
  const window = mapWindow(range, now);
  const map = useQuery(sagaQueries.map(type, window));
  const refresh = useRefreshSagas();
  useLiveTopic(SAGAS_TOPIC, refresh, FOLD_MS);
  useShortcuts([{ keys: "r", label: list("refresh"), group: "page", run: () => void refresh() }]);
  const name = map.data?.name ?? type;
  return (
    <>
      <PageHeader
        title={
          <PagePath parentHref="/sagas" parent={list("title")}>
            <span title={name} className="min-w-0 truncate">
              {name}
            </span>
          </PagePath>
        }
        meta={<Meta map={map.data} />}
        actions={
          <>
            <TimeRangePicker fallback={MAP_RANGE} />
            <Link href={sagasHref({ type: [type] })} className={buttonClasses()}>
              <List aria-hidden className="size-3.5" />
              {t("toList")}
            </Link>
          </>
        }
      />
      <QueryNotices query={map} rows={6} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {map.data === undefined ? null : <Body map={map.data} window={window} />}
    </>
  );
}

function Meta({ map }: { map: ProcessMapDto | undefined }) {
  const t = useTranslations("sagas.map");
  if (map === undefined) return null;
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className="text-ink-muted text-xs max-sm:hidden">{t("flows", { count: map.flows })}</span>
      <BehindBadge recognised={map.recognised} />
    </span>
  );
}

type BodyProps = { map: ProcessMapDto; window: { from: string | null; to: string | null } };

function Body({ map, window }: BodyProps) {
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const isEmpty = map.flows === 0 && map.steps.every(({ waiting, stuck }) => waiting + stuck === 0);
  if (!isEmpty) {
    return (
      <ReactFlowProvider>
        <MapPane map={map} window={window} />
      </ReactFlowProvider>
    );
  }
  return (
    <EmptyState
      title={t("empty.title")}
      icon={<Waypoints />}
      actions={
        <Link href={sagasHref({ type: [map.type] })} className={buttonClasses()}>
          {t("toList")}
        </Link>
      }
    >
      <p>{t("empty.body", { from: format.minute(map.window.from), to: format.minute(map.window.to) })}</p>
    </EmptyState>
  );
}
