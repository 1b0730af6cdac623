"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ComparedSystemDto } from "#server/contract/scenario-comparison.ts";

const OUTCOMES = [
  { key: "completed", bar: "bg-ok", ink: "" },
  { key: "failed", bar: "bg-danger", ink: "font-medium text-danger-ink" },
  { key: "refused", bar: "bg-warn", ink: "" },
  { key: "underWay", bar: "bg-info", ink: "" },
] as const;

/** What became of some orders, as shares in words and as a bar. */
export function OrderOutcomes({ figures }: { figures: ComparedSystemDto["phases"][number]["figures"] }) {
  const t = useTranslations("scenarios.comparison.states");
  const format = useFormat();
  const { orders } = figures;
  const found = OUTCOMES.filter(({ key }) => figures[key] > 0);
  return (
    <span className="flex min-w-40 flex-col gap-1">
      <span className="flex flex-wrap gap-x-2 text-xs @max-3xl:justify-end">
        {found.map(({ key, ink }) => (
          <span key={key} className={classNames("whitespace-nowrap", ink)}>
            {t(key, { count: format.number(figures[key]), share: format.percent(figures[key] / orders) })}
          </span>
        ))}
      </span>
      <span aria-hidden className="flex h-1 gap-px overflow-hidden rounded-full bg-pressed">
        {found.map(({ key, bar }) => (
          <span key={key} className={bar} style={{ width: `${(figures[key] / orders) * 100}%` }} />
        ))}
      </span>
    </span>
  );
}
