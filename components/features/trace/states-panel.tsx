"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { streamHref } from "#components/shell/destinations.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { formatJson } from "#components/ui/json-format.ts";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import { TableSkeleton } from "#components/ui/skeleton.tsx";
import type { AggregateAtDto, TraceStatesDto } from "#server/contract/trace-states.ts";
import { ReadModelState } from "./read-model-state.tsx";
import { traceQueries } from "./trace-queries.ts";
import type { TraceViewState } from "./use-trace-view.ts";

/** What the aggregates of a flow are at the moment that is played, and what read models show of them then. */
export function StatesPanel({ view }: { view: TraceViewState }) {
  const t = useTranslations("trace.statesAt");
  const format = useFormat();
  const { atUs } = view;
  const query = useQuery({
    ...traceQueries.states(view.reference, atUs),
    placeholderData: keepPreviousData,
  });
  return (
    <PanelFrame
      label={t("label")}
      title={atUs === null ? t("now") : t("at", { time: format.time(atUs / 1000) })}
      icon={<Database aria-hidden className="size-4 shrink-0 text-store" />}
      onClose={() => view.setStates(false)}
    >
      {query.isPending ? <TableSkeleton rows={4} label={t("loading")} /> : null}
      {query.isLoadingError ? (
        <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />
      ) : null}
      {query.data === undefined ? null : <States states={query.data} />}
    </PanelFrame>
  );
}

function States({ states }: { states: TraceStatesDto }) {
  const t = useTranslations("trace.statesAt");
  if (states.aggregates.length === 0) return <EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>;
  return (
    <>
      {states.aggregates.map((aggregate) => {
        const { type, id } = aggregate;
        const models = states.readModels.filter(
          (model) => model.aggregate.type === type && model.aggregate.id === id,
        );
        return (
          <PanelSection key={`${type} ${id}`} title={t("aggregate", { type, id })}>
            <Aggregate aggregate={aggregate} />
            {models.map((model) => (
              <ReadModelState
                key={model.projection}
                model={model}
                aggregateState={aggregate.state.kind === "built" ? aggregate.state.state : null}
              />
            ))}
            {models.length === 0 ? <p className="mt-2 text-ink-muted text-xs">{t("noModels")}</p> : null}
          </PanelSection>
        );
      })}
      {states.isCapped ? <p className="p-4 text-warn-ink text-xs">{t("capped")}</p> : null}
    </>
  );
}

function Aggregate({ aggregate: { type, id, version, state } }: { aggregate: AggregateAtDto }) {
  const t = useTranslations("trace.statesAt");
  const unknown = useTranslations("trace.unknownViews");
  return (
    <>
      <p className="mb-1 text-sm">
        {version === null ? (
          t("notYet")
        ) : (
          <Link href={streamHref(type, id, version)} prefetch={false} className="text-accent hover:underline">
            {t("version", { version })}
          </Link>
        )}
      </p>
      {state.kind === "built" ? (
        <CodeBlock code={formatJson(state.state).text} copyLabel={t("copy")} />
      ) : null}
      {state.kind === "unknown" ? <p className="text-ink-muted text-xs">{t("unknown")}</p> : null}
      {state.kind === "unbuildable" ? <p className="text-ink-muted text-xs">{state.reason}</p> : null}
      {state.kind === "unread" ? <p className="text-ink-muted text-xs">{unknown(state.reason)}</p> : null}
    </>
  );
}
