"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { DeadLetterTabs } from "#components/shell/dead-letter-tabs.tsx";
import { PageHeader } from "#components/shell/page-header.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { useShortcuts } from "#components/ui/shortcuts.tsx";
import { draftOf, NEW_RULE } from "./rule-draft.ts";
import { RuleItem } from "./rule-item.tsx";
import { ruleQueries, useOrderRules } from "./rule-queries.ts";
import { RuleSheet } from "./rule-sheet.tsx";

/** Conditions that a link may bring along: whoever comes from a case begins with a rule for it. */
const FROM_LINK = {
  new: parseAsString,
  consumer: parseAsString,
  type: parseAsString,
  fingerprint: parseAsString,
};

/** The rules that replay, discard or assign dead letters by themselves, in the order in which they are asked. */
export function RulesPage() {
  const t = useTranslations("failureRules");
  const client = useQueryClient();
  const list = useQuery(ruleQueries.list());
  const order = useOrderRules();
  const [linked, setLinked] = useQueryStates(FROM_LINK, { history: "replace" });
  const [opened, setOpened] = useState<number | null>(null);
  const isNew = linked.new !== null;
  const open = () => void setLinked({ new: "1" });
  const refresh = () => client.invalidateQueries({ queryKey: ruleQueries.all() });
  useLiveTopic("failure-rules", refresh);
  useShortcuts([{ keys: "n", label: t("new"), group: "page", run: open }]);

  const rules = list.data?.rules ?? [];
  const ids = rules.map(({ id }) => id);
  const move = (from: number, to: number) => order.mutate(moved(ids, from, to));
  const edited = rules.find(({ id }) => id === opened) ?? null;
  return (
    <>
      <PageHeader
        title={t("title")}
        actions={
          <Button variant="primary" icon={<Plus aria-hidden className="size-3.5" />} onClick={open}>
            {t("new")}
          </Button>
        }
      >
        <DeadLetterTabs />
      </PageHeader>
      <QueryNotices query={list} rows={3} loading={t("loading")} failed={t("loadFailed")} onRetry={refresh} />
      {list.data === undefined ? null : (
        <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
          {order.isError ? <ErrorNotice title={t("orderFailed")} error={order.error} /> : null}
          {rules.length === 0 ? (
            <EmptyState icon={<ListChecks />} title={t("none")}>
              {t("what")}
            </EmptyState>
          ) : (
            <>
              <p className="max-w-prose px-3 pt-3 text-ink-muted text-xs md:px-4">{t("what")}</p>
              <ul aria-label={t("title")} className="flex flex-col">
                {rules.map((rule, index) => (
                  <RuleItem
                    key={rule.id}
                    rule={rule}
                    onEdit={() => setOpened(rule.id)}
                    onUp={index === 0 ? null : () => move(index, index - 1)}
                    onDown={index === rules.length - 1 ? null : () => move(index, index + 1)}
                  />
                ))}
              </ul>
            </>
          )}
        </div>
      )}
      {isNew ? (
        <RuleSheet
          rule={null}
          initial={{
            ...NEW_RULE,
            consumer: linked.consumer ?? "",
            type: linked.type ?? "",
            fingerprint: linked.fingerprint ?? "",
          }}
          onClose={() => void setLinked(null)}
        />
      ) : null}
      {edited === null ? null : (
        <RuleSheet key={edited.id} rule={edited} initial={draftOf(edited)} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

function moved(ids: readonly number[], from: number, to: number): number[] {
  const without = ids.filter((_, index) => index !== from);
  return without.toSpliced(to, 0, ...ids.slice(from, from + 1));
}
