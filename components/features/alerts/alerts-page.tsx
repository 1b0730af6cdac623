"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { useNow } from "#components/ui/use-now.ts";
import {
  ALERTS_TOPIC,
  type AlertDto,
  type AlertListDto,
  type AlertRuleDto,
} from "#server/contract/alerts.ts";
import { ALERT_STATES, type AlertState } from "#server/domain/alerts/alert.ts";
import { AlertStateBadge, NO_ALERTS_ICON, SeverityIcon } from "./alert-look.tsx";
import { alertQueries, useRefreshAlerts } from "./alert-queries.ts";
import { AlertSheet } from "./alert-sheet.tsx";
import { AlertTabs } from "./alert-tabs.tsx";
import { useRuleWords } from "./use-rule-words.ts";

const VIEWS = ["open", "resolved", "all"] as const;
type View = (typeof VIEWS)[number];

const STATES: Record<View, readonly AlertState[]> = {
  open: ALERT_STATES.filter((state) => state !== "resolved"),
  resolved: ["resolved"],
  all: [],
};
const PARAMS = { view: parseAsStringLiteral(VIEWS).withDefault("open"), alert: parseAsString };

/** What fires now, who has taken it, and what has passed. */
export function AlertsPage() {
  const t = useTranslations("alerts.list");
  const [{ view, alert }, setParams] = useQueryStates(PARAMS, { history: "push" });
  const list = useInfiniteQuery(alertQueries.list(STATES[view]));
  const rules = useQuery(alertQueries.rules()).data?.rules;
  const hasNoRules = rules?.length === 0;
  const refresh = useRefreshAlerts();
  useLiveTopic(ALERTS_TOPIC, refresh);
  useShortcuts([{ keys: "r", label: t("refresh"), group: "page", run: () => void refresh() }]);
  const first = list.data?.pages[0];
  const alerts = list.data?.pages.flatMap((page) => page.alerts) ?? [];
  const counts = first === undefined ? null : countOf(first);
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <SegmentedControl
            label={t("view")}
            value={view}
            onValueChange={(next) => void setParams({ view: next })}
            options={VIEWS.map((value) => ({
              value,
              label:
                counts === null
                  ? t(`views.${value}`)
                  : t("counted", { view: t(`views.${value}`), count: counts[value] }),
            }))}
          />
        }
      >
        <AlertTabs />
      </PageHeader>
      <QueryNotices query={list} rows={4} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {first !== undefined && alerts.length === 0 ? (
        <EmptyState
          icon={NO_ALERTS_ICON}
          title={t(`none.${view}`)}
          actions={
            <Link href="/alerts/rules" className={buttonClasses()}>
              {t("toRules")}
            </Link>
          }
        >
          {hasNoRules ? t("noRules") : <Evaluated at={first.evaluatedAt} />}
        </EmptyState>
      ) : null}
      {alerts.length === 0 ? null : (
        <ul aria-label={t("title")} className="flex flex-col">
          {alerts.map((each) => (
            <AlertRow
              key={each.id}
              alert={each}
              rule={rules?.find(({ id }) => id === each.rule.id)}
              onOpen={() => void setParams({ alert: each.id })}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <div className="p-3">
          <Button isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("more")}
          </Button>
        </div>
      ) : null}
      {alert === null ? null : <AlertSheet id={alert} onClose={() => void setParams({ alert: null })} />}
    </>
  );
}

function Evaluated({ at }: { at: string | null }) {
  const t = useTranslations("alerts.list");
  const format = useFormat();
  const now = useNow();
  if (at === null) return t("neverEvaluated");
  return t("evaluated", { ago: format.relative(at, now) });
}

type AlertRowProps = { alert: AlertDto; rule: AlertRuleDto | undefined; onOpen: () => void };

function AlertRow({ alert, rule: ruleOf, onOpen }: AlertRowProps) {
  const t = useTranslations("alerts.list");
  const format = useFormat();
  const now = useNow();
  const words = useRuleWords();
  const { rule, severity, state, labels, firedAt, beganAt, resolvedAt, acknowledged, mute } = alert;
  const ruleMute = ruleOf?.mute ?? null;
  return (
    <li className="border-line border-b bg-surface">
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5 text-left -outline-offset-2 hover:bg-hover md:px-4"
      >
        <SeverityIcon severity={severity} />
        <AlertStateBadge state={state} />
        <span className="min-w-0 break-words font-medium">{rule.name}</span>
        <span className="min-w-0 break-words text-ink-muted">{words.series(labels)}</span>
        <span className="flex-1" />
        <span className="text-ink-muted text-xs">
          {mute === null ? null : <>{t("muted", { time: format.minute(mute.until) })} · </>}
          {ruleMute === null || resolvedAt !== null ? null : (
            <>{t("ruleMuted", { time: format.minute(ruleMute.until) })} · </>
          )}
          {acknowledged === null || state !== "acknowledged" ? null : (
            <>{t("taken", { by: acknowledged.by })} · </>
          )}
          {resolvedAt === null
            ? t("since", {
                time: format.minute(firedAt ?? beganAt),
                ago: format.relative(firedAt ?? beganAt, now),
              })
            : t("was", {
                time: format.minute(beganAt),
                duration: format.duration(Date.parse(resolvedAt) - Date.parse(beganAt)),
              })}
        </span>
      </button>
    </li>
  );
}

function countOf({ counts }: AlertListDto): Record<View, number> {
  const sum = (states: readonly AlertState[]) =>
    states.reduce((total, state) => total + (counts[state] ?? 0), 0);
  return { open: sum(STATES.open), resolved: sum(STATES.resolved), all: sum(ALERT_STATES) };
}
