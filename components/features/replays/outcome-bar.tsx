"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { countOf } from "./item-filter.ts";
import { STANDS } from "./item-stand.ts";
import { STAND_LOOKS } from "./outcome-look.tsx";

type OutcomeBarProps = { replay: Pick<ReplayDto, "totals" | "heldBack">; className?: string };

/** How far a replay is, as one bar that is made of how its items ended: all parts together are all items. */
export function OutcomeBar({ replay, className }: OutcomeBarProps) {
  const t = useTranslations("replays");
  const format = useFormat();
  const { ended, itemCount } = replay.totals;
  const parts = STANDS.map((stand) => ({ stand, count: countOf(replay, stand) })).filter(
    ({ count }) => count > 0,
  );
  const words = parts.map(({ stand, count }) => `${t(`stands.${stand}`)} ${format.number(count)}`);
  return (
    <div
      role="progressbar"
      aria-label={t("progress")}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, itemCount)}
      aria-valuenow={ended}
      aria-valuetext={`${t("endedOf", { ended, total: itemCount })} ${words.join(", ")}`}
      className={classNames("flex h-2.5 w-full gap-px overflow-hidden rounded-full bg-pressed", className)}
    >
      {parts.map(({ stand, count }) => (
        <span
          key={stand}
          aria-hidden
          title={`${t(`stands.${stand}`)} ${format.number(count)}`}
          // The smallest part is still seen: one failure among thousands is what one looks for.
          className={classNames("min-w-1 transition-[flex-grow]", STAND_LOOKS[stand].bar)}
          style={{ flexGrow: count, flexBasis: 0 }}
        />
      ))}
    </div>
  );
}
