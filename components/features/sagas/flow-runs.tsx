"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProcessTraceDto } from "#server/contract/processes.ts";
import { RunActions } from "./run-actions.tsx";
import { runQueries } from "./run-queries.ts";
import { RunStatusBadge } from "./run-status-badge.tsx";

/** The runs that declared processes have in a flow, each with what can be done about it; nothing where there are none. */
export function FlowRuns({ correlationId }: { correlationId: string }) {
  const { data } = useQuery(runQueries.ofFlow(correlationId));
  return data?.runs.map((run) => <FlowRun key={run.id} known={run} />);
}

function FlowRun({ known }: { known: ProcessTraceDto }) {
  const t = useTranslations("runActions");
  const { data: run = known } = useQuery(runQueries.one(known.id));
  const open = run.actions.find(({ action }) => action === "retry")?.steps ?? [];
  return (
    <section
      aria-label={t("run", { process: run.process })}
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-surface px-3 py-1.5 text-xs md:px-4"
    >
      <span className="wrap-anywhere">
        {t("run", { process: run.process })} <span className="font-mono text-ink-muted">{run.key}</span>
      </span>
      <RunStatusBadge status={run.status} />
      <span className="min-w-0 flex-1 text-ink-muted">
        <OpenSteps run={run} names={open.map(({ step }) => step)} />
        <LastAct run={run} />
      </span>
      <RunActions process={run.process} id={run.id} />
    </section>
  );
}

function OpenSteps({ run, names }: { run: ProcessTraceDto; names: readonly string[] }) {
  const t = useTranslations("runActions");
  const states = useTranslations("runActions.steps");
  const open = run.steps.filter(({ name }) => names.includes(name));
  return open.map(({ name, status, attempt }) => (
    <span key={name} className="mr-3">
      {t("stepState", { step: name, state: states(status), attempt })}
    </span>
  ));
}

const ACTS = {
  "step.retried": "retry",
  "step.skipped": "skip",
  "process.called-off": "compensate",
  "process.cancelled": "cancel",
} as const;

/** What a person did last, and why. */
function LastAct({ run }: { run: ProcessTraceDto }) {
  const t = useTranslations("runActions");
  const format = useFormat();
  const last = run.transitions.findLast(({ actor, kind }) => actor !== null && kind in ACTS);
  if (last === undefined || last.actor === null) return null;
  // It is one of the keys: that is how it was found.
  const action = ACTS[last.kind as keyof typeof ACTS];
  return (
    <span className="wrap-anywhere">
      {t(`${action}.was`, { actor: last.actor, step: last.step ?? "", time: format.dateTime(last.at) })}
      {last.detail === null ? null : ` ${t("because", { reason: last.detail })}`}
    </span>
  );
}
