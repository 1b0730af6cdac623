"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { serviceName, stepLine } from "#components/lib/step-name.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProcessMapDto } from "#server/contract/sagas.ts";
import { sagasAtStepHref } from "./list-view.ts";
import { isCompensation } from "./map-graph.ts";

/** The map as tables, for those who read better than they look. */
export function MapTables({ map }: { map: ProcessMapDto }) {
  return (
    <div className="min-w-0 flex-1 overflow-y-auto bg-surface">
      <StepTable map={map} />
      <BranchTable map={map} />
    </div>
  );
}

function StepTable({ map: { type, steps } }: { map: ProcessMapDto }) {
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const duration = (us: number | null) => (us === null ? "–" : format.duration(us / 1000));
  const linked = (count: number, href: string) =>
    count === 0 ? (
      <span className="text-ink-faint">{format.number(0)}</span>
    ) : (
      <Link href={href} prefetch={false} className="text-accent hover:underline">
        {format.number(count)}
      </Link>
    );
  return (
    <TableSection
      title={t("table.steps")}
      heads={[
        t("table.step"),
        t("table.service"),
        t("table.flows"),
        t("table.visits"),
        t("table.median"),
        t("table.p95"),
        t("table.p99"),
        t("table.waiting"),
        t("table.stuck"),
      ]}
    >
      {steps.map((step) => (
        <tr key={step.key} className="border-line border-t">
          <th scope="row" className="wrap-anywhere py-1 pr-4 text-left font-medium">
            {stepLine(step)}
            {isCompensation(step) ? (
              <span className="ml-1.5 font-normal text-mediator-ink text-xs">{t("takesBack")}</span>
            ) : null}
          </th>
          <td className="wrap-anywhere py-1 pr-4">
            {step.service === null ? "–" : serviceName(step.service)}
          </td>
          <Figure>{format.number(step.flows)}</Figure>
          <Figure>{format.number(step.visits)}</Figure>
          <Figure>{duration(step.medianUs)}</Figure>
          <Figure>{duration(step.p95Us)}</Figure>
          <Figure>{duration(step.p99Us)}</Figure>
          <Figure>{linked(step.waiting, sagasAtStepHref({ type, step: step.key, isStuck: false }))}</Figure>
          <Figure>{linked(step.stuck, sagasAtStepHref({ type, step: step.key, isStuck: true }))}</Figure>
        </tr>
      ))}
    </TableSection>
  );
}

function BranchTable({ map: { steps, branches } }: { map: ProcessMapDto }) {
  const t = useTranslations("sagas.map");
  const states = useTranslations("trace.states");
  const format = useFormat();
  const names = new Map(steps.map((step) => [step.key, stepLine(step)]));
  return (
    <TableSection
      title={t("table.branches")}
      heads={[t("table.from"), t("table.to"), t("table.flows"), t("table.share"), t("table.times")]}
      texts={2}
    >
      {branches.map(({ from, to, end, flows, share, times }) => (
        <tr key={`${from}\n${to}\n${end}`} className="border-line border-t">
          <th scope="row" className="wrap-anywhere py-1 pr-4 text-left font-medium">
            {from === null ? t("start") : (names.get(from) ?? from)}
          </th>
          <td className="wrap-anywhere py-1 pr-4">
            {to === null
              ? t("table.end", { state: end === null ? "–" : states(end) })
              : (names.get(to) ?? to)}
          </td>
          <Figure>{format.number(flows)}</Figure>
          <Figure>{format.percent(share)}</Figure>
          <Figure>{format.number(times)}</Figure>
        </tr>
      ))}
    </TableSection>
  );
}

function Figure({ children }: { children: ReactNode }) {
  return <td className="whitespace-nowrap py-1 pr-4 text-right tabular-nums">{children}</td>;
}

type TableSectionProps = {
  title: string;
  heads: readonly string[];
  /** How many columns from the left hold texts; the others hold figures. */
  texts?: number;
  children: ReactNode;
};

function TableSection({ title, heads, texts = 2, children }: TableSectionProps) {
  return (
    <section aria-label={title} className="overflow-x-auto px-3 py-3 md:px-4">
      <table aria-label={title} className="w-full text-sm">
        <caption className="pb-1 text-left font-medium text-sm">{title}</caption>
        <thead>
          <tr className="text-2xs text-ink-muted">
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={
                  index < texts
                    ? "pr-4 pb-1 text-left font-normal"
                    : "whitespace-nowrap pr-4 pb-1 text-right font-normal"
                }
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
