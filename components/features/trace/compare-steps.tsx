"use client";

import { Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { traceHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { type ComparedSide, type ComparedStep, longestUs, nameOf, toComparedSteps } from "./compare-rows.ts";
import { sideName } from "./compare-sides.tsx";
import { STEP_TONES } from "./step-look.ts";
import type { ReadComparison, ReadTrace } from "./trace-queries.ts";
import { formatSelection } from "./trace-selection.ts";

const TRACKS =
  "grid grid-cols-2 gap-x-3 gap-y-1 px-3 @3xl:grid-cols-[1.25rem_minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1fr)_8rem] @3xl:items-center";

/** Both ways step by step, what one of them lacks as a hole, with how long each step took. */
export function CompareSteps({ read }: { read: ReadComparison }) {
  const t = useTranslations("compare");
  const { left, right, comparison } = read;
  const steps = useMemo(
    () => toComparedSteps({ left: left.trace, right: right.trace, comparison }),
    [left.trace, right.trace, comparison],
  );
  const longest = longestUs(steps);
  const first = comparison.first === null ? null : nameOf(comparison.first);
  return (
    <section aria-label={t("steps")} className="@container rounded-lg border border-line-strong bg-surface">
      <h2 className="px-3 pt-2 pb-1 font-semibold text-sm">{t("steps")}</h2>
      <div
        aria-hidden
        className={classNames(TRACKS, "border-line border-b pb-1 font-medium text-2xs text-ink-faint")}
      >
        <span className="@3xl:block hidden" />
        <span className="@3xl:block hidden">{t("step")}</span>
        <span className="truncate font-mono">{sideName(left)}</span>
        <span className="truncate font-mono">{sideName(right)}</span>
        <span className="@3xl:block hidden text-right">{t("byHowMuch")}</span>
      </div>
      <ol>
        {steps.map((step) => (
          <StepRow
            key={nameOf(step)}
            step={step}
            longest={longest}
            isFirst={nameOf(step) === first}
            read={read}
          />
        ))}
      </ol>
      {steps.length === 0 ? <p className="px-3 py-2 text-ink-muted text-sm">{t("noSteps")}</p> : null}
    </section>
  );
}

type StepRowProps = { step: ComparedStep; longest: number; isFirst: boolean; read: ReadComparison };

function StepRow({ step, longest, isFirst, read }: StepRowProps) {
  const t = useTranslations("compare");
  const { name, occurrence, left, right, divergence, fields } = step;
  const kind = divergence?.kind ?? "same";
  const undoes = left?.undoes ?? right?.undoes ?? null;
  return (
    <li
      aria-current={isFirst ? "true" : undefined}
      className={classNames(
        TRACKS,
        "border-line border-t py-1.5 text-xs first:border-t-0",
        divergence === null ? "" : "bg-warn-soft/60",
        isFirst && "shadow-[inset_3px_0_0_var(--warn)]",
      )}
    >
      <span
        role="img"
        aria-label={t(`signs.${kind}`)}
        title={t(`signs.${kind}`)}
        className="@3xl:block hidden text-center font-bold font-mono text-base text-ink-muted"
      >
        {SIGNS[kind]}
      </span>
      <div className="col-span-2 flex min-w-0 flex-wrap items-center gap-x-2 @3xl:col-span-1">
        <span aria-hidden className="font-bold font-mono text-ink-muted @3xl:hidden">
          {SIGNS[kind]}
        </span>
        {undoes === null ? null : (
          <span role="img" aria-label={t("undoes", { step: undoes })} title={t("undoes", { step: undoes })}>
            <Undo2 aria-hidden className="size-3.5 text-ink-muted" />
          </span>
        )}
        <TypeName type={name} className="font-medium" />
        {occurrence > 1 ? <span className="text-ink-muted">{t("nth", { nth: occurrence })}</span> : null}
        <span className="truncate text-ink-muted">{left?.service ?? right?.service}</span>
        {fields === 0 ? null : <Badge>{t("fieldsDiffer", { count: fields })}</Badge>}
        {isFirst ? <Badge tone="warn">{t("first")}</Badge> : null}
      </div>
      <SideCell side={left} answer={read.left} longest={longest} label={sideName(read.left)} />
      <SideCell side={right} answer={read.right} longest={longest} label={sideName(read.right)} />
      <Difference step={step} />
    </li>
  );
}

const SIGNS = { same: "=", "only-left": "−", "only-right": "+", state: "≠", answer: "≠" } as const;

type SideCellProps = { side: ComparedSide | null; answer: ReadTrace; longest: number; label: string };

function SideCell({ side, answer, longest, label }: SideCellProps) {
  const t = useTranslations("compare");
  const states = useTranslations("trace.stepStates");
  const format = useFormat();
  if (side === null) {
    return (
      <span className="rounded-sm border border-line-strong border-dashed px-2 py-0.5 text-ink-faint">
        <span className="sr-only">{label}: </span>
        {t("notTaken")}
      </span>
    );
  }
  const { state, tookUs, step } = side;
  const selected = formatSelection(answer.trace, { kind: "step", step });
  const href = traceHref(answer.reference);
  return (
    <Link
      href={
        selected === null
          ? href
          : `${href}${href.includes("?") ? "&" : "?"}select=${encodeURIComponent(selected)}`
      }
      prefetch={false}
      className="flex min-w-0 flex-col gap-1 rounded-sm hover:bg-hover"
    >
      <span className="flex items-center gap-2">
        <span className="sr-only">{label}: </span>
        <Badge tone={STEP_TONES[state]}>{states(state)}</Badge>
        <span className="whitespace-nowrap text-ink-muted">
          {tookUs === null ? "" : format.duration(tookUs / 1000)}
        </span>
      </span>
      <span aria-hidden className="block h-1.5 rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-accent"
          style={{
            width: `${longest === 0 || tookUs === null ? 0 : Math.max(0.5, (100 * tookUs) / longest)}%`,
          }}
        />
      </span>
    </Link>
  );
}

/** By how much the right one took longer or shorter. */
function Difference({ step: { duration } }: { step: ComparedStep }) {
  const t = useTranslations("compare");
  const format = useFormat();
  if (duration === null) return <span className="@3xl:block hidden" />;
  const { leftUs, rightUs, byUs } = duration;
  const times = leftUs > 0 && rightUs > 0 ? Math.max(leftUs / rightUs, rightUs / leftUs) : 1;
  const sign = byUs > 0 ? "+" : "";
  return (
    <span className="col-span-2 text-ink-muted @3xl:col-span-1 @3xl:text-right">
      {byUs === 0 ? t("sameTime") : `${sign}${format.duration(byUs / 1000)}`}
      {times < 2 ? null : ` (×${format.number(Math.round(times * 10) / 10)})`}
    </span>
  );
}
