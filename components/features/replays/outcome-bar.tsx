"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { countOf, PARTS } from "./item-stand.ts";
import { STAND_LOOKS } from "./outcome-look.tsx";

type OutcomeBarProps = { replay: Pick<ReplayDto, "totals" | "heldBack">; className?: string };

/** How far a replay is, as one bar that is made of how its items ended: all parts together are all items. */
export function OutcomeBar({ replay, className }: OutcomeBarProps) {
  const t = useTranslations("replays");
  const format = useFormat();
  const { ended, itemCount } = replay.totals;
  const parts = PARTS.map((part) => ({ part, count: countOf(replay, part) })).filter(
    ({ count }) => count > 0,
  );
  const words = parts.map(({ part, count }) => `${t(`stands.${part}`)} ${format.number(count)}`);
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
      {parts.map(({ part, count }) => (
        <span
          key={part}
          aria-hidden
          title={`${t(`stands.${part}`)} ${format.number(count)}`}
          // The smallest part is still seen: one failure among thousands is what one looks for.
          className={classNames("min-w-1 transition-[flex-grow]", STAND_LOOKS[part].bar)}
          style={{ flexGrow: count, flexBasis: 0 }}
        />
      ))}
    </div>
  );
}
