"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import type { ReplayPlanDto } from "#server/contract/replays.ts";
import { PlanParts } from "./plan-parts.tsx";
import { PlanWarnings } from "./plan-warnings.tsx";
import { SelectionLabel } from "./selection-label.tsx";

type PlanSummaryProps = {
  plan: ReplayPlanDto;
  selection: LetterSelection;
  /** Something was changed since, and the plan is being made anew. */
  isChanging: boolean;
  onIncludeNewer: () => void;
};

/** How many, where to, in which order, how long, and what might go wrong. */
export function PlanSummary({ plan, selection, isChanging, onIncludeNewer }: PlanSummaryProps) {
  const t = useTranslations("replays.plan");
  const format = useFormat();
  const { included, newer, upTo, notParked, keys, unkeyed } = plan;
  return (
    <div
      aria-busy={isChanging || undefined}
      className={classNames("flex flex-col", isChanging && "opacity-60")}
    >
      <div className="flex flex-col gap-2 px-3 py-4 md:px-4">
        <p className="text-ink-muted text-sm">
          <SelectionLabel selection={selection} />
        </p>
        <h2 className="font-semibold text-lg">{t("included", { count: included })}</h2>
        {selection.kind === "letters" ? null : (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <p className="text-ink-muted">
              {newer === 0 ? t("noneNewer", { upTo }) : t("newer", { count: newer, upTo })}
            </p>
            {newer === 0 ? null : (
              <Button size="sm" onClick={onIncludeNewer}>
                {t("includeNewer")} <Kbd keys="n" />
              </Button>
            )}
          </div>
        )}
        {notParked === 0 ? null : (
          <p className="text-ink-muted text-sm">{t("notParked", { count: notParked })}</p>
        )}
        {included < 2 ? null : (
          <p className="text-sm">
            {unkeyed === 0 ? t("orders.keyed", { keys }) : null}
            {keys === 0 ? t("orders.unkeyed", { unkeyed }) : null}
            {keys > 0 && unkeyed > 0 ? t("orders.both", { keys, unkeyed }) : null}
          </p>
        )}
      </div>
      {included === 0 ? (
        <p className="max-w-prose px-3 pb-4 text-ink-muted text-sm md:px-4">
          {t(plan.consumers.length === 0 ? "nothing" : "allLeftOut")}
        </p>
      ) : (
        <FigureList className="px-3 pb-4 md:px-4">
          <Figure label={t("figures.keys")}>{format.number(keys)}</Figure>
          <Figure label={t("figures.unkeyed")}>{format.number(unkeyed)}</Figure>
          <Figure label={t("figures.time")} title={t(`estimates.${plan.estimate.basis}`)}>
            {plan.estimate.seconds === null
              ? t("unknownTime")
              : t("about", {
                  duration: format.duration(Math.max(1, Math.round(plan.estimate.seconds)) * 1000),
                })}
          </Figure>
          <Figure label={t("figures.oldest")}>
            {plan.oldest === null ? (
              "–"
            ) : (
              <span title={format.dateTime(plan.oldest)}>{format.minute(plan.oldest)}</span>
            )}
          </Figure>
          <Figure label={t("figures.newest")}>
            {plan.newest === null ? (
              "–"
            ) : (
              <span title={format.dateTime(plan.newest)}>{format.minute(plan.newest)}</span>
            )}
          </Figure>
        </FigureList>
      )}
      <PlanWarnings warnings={plan.warnings} />
      {plan.consumers.length === 0 ? null : <PlanParts plan={plan} />}
    </div>
  );
}
