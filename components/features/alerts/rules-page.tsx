"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { ALERTS_TOPIC } from "#server/contract/alerts.ts";
import { ALERT_TEMPLATES } from "#server/domain/alerts/templates.ts";
import { NO_ALERTS_ICON } from "./alert-look.tsx";
import { alertQueries, useRefreshAlerts } from "./alert-queries.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { draftOf, NEW_RULE } from "./rule-draft.ts";
import { RuleItem } from "./rule-item.tsx";
import { RuleSheet } from "./rule-sheet.tsx";
import { useRuleWords } from "./use-rule-words.ts";

const EMPTY = "empty";
const PARAMS = { rule: parseAsInteger, new: parseAsString };

/** The rules by which alerts fire, and templates to begin with. */
export function RulesPage() {
  const t = useTranslations("alerts.rules");
  const templates = useTranslations("alerts.templates");
  const words = useRuleWords();
  const [{ rule: opened, new: begun }, setParams] = useQueryStates(PARAMS, { history: "push" });
  const list = useQuery(alertQueries.rules());
  const destinations = useQuery(alertQueries.destinations()).data?.destinations ?? [];
  const refresh = useRefreshAlerts();
  useLiveTopic(ALERTS_TOPIC, refresh);
  const rules = list.data?.rules ?? [];
  const edited = rules.find(({ id }) => id === opened) ?? null;
  const template = ALERT_TEMPLATES.find(({ key }) => key === begun);
  const begin = (key: string) => void setParams({ new: key });
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <DropdownMenu
            trigger={
              <Button variant="primary" icon={<Plus aria-hidden className="size-3.5" />}>
                {t("new")}
              </Button>
            }
          >
            <MenuItem onSelect={() => begin(EMPTY)}>{t("fromNothing")}</MenuItem>
            <MenuSeparator />
            <MenuLabel>{t("fromTemplate")}</MenuLabel>
            {ALERT_TEMPLATES.map(({ key }) => (
              <MenuItem key={key} onSelect={() => begin(key)}>
                {templates(key)}
              </MenuItem>
            ))}
          </DropdownMenu>
        }
      >
        <AlertTabs />
      </PageHeader>
      <QueryNotices query={list} rows={4} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {list.data !== undefined && rules.length === 0 ? (
        <div className="flex flex-col">
          <EmptyState icon={NO_ALERTS_ICON} title={t("none")}>
            {t("what")}
          </EmptyState>
          <ul
            aria-label={t("fromTemplate")}
            className="mx-auto flex w-full max-w-2xl flex-col gap-2 px-3 pb-8"
          >
            {ALERT_TEMPLATES.map(({ key, condition }) => (
              <li key={key}>
                <button
                  type="button"
                  onClick={() => begin(key)}
                  className="w-full rounded-lg border border-line bg-surface px-3 py-2 text-left hover:bg-hover"
                >
                  <span className="font-medium">{templates(key)}</span>
                  <span className="block text-ink-muted text-xs">{words.sentence(condition)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {rules.length === 0 ? null : (
        <ul aria-label={t("title")} className="flex flex-col">
          {rules.map((rule) => (
            <RuleItem
              key={rule.id}
              rule={rule}
              destinations={destinations}
              onEdit={() => void setParams({ rule: rule.id })}
            />
          ))}
        </ul>
      )}
      {begun === null ? null : (
        <RuleSheet
          key={begun}
          rule={null}
          initial={
            template === undefined ? NEW_RULE : draftOf({ ...template, name: templates(template.key) })
          }
          onClose={() => void setParams({ new: null })}
        />
      )}
      {edited === null ? null : (
        <RuleSheet
          key={edited.id}
          rule={edited}
          initial={draftOf(edited)}
          onClose={() => void setParams({ rule: null })}
        />
      )}
    </>
  );
}
