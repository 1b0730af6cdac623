"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { countOf, filterOf, PARTS, type ReplayPart } from "./item-stand.ts";
import { STAND_LOOKS } from "./outcome-look.tsx";
import { useItemFilter } from "./use-item-filter.ts";

const CHIP = "inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs pointer-coarse:h-10";

/** What a bar is made of, in numbers. Pressing one lists those items, where a list holds exactly them. */
export function OutcomeLegend({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays");
  const [filter, setFilter] = useItemFilter();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div role="group" aria-label={t("items.filter")} className="flex flex-wrap gap-1.5">
      {PARTS.map((part) => {
        const count = countOf(replay, part);
        const leadsTo = filterOf(part, replay.status);
        const words = <Words part={part} count={count} />;
        const hint = t(`standHints.${part}`);
        if (leadsTo === null) {
          return (
            <span
              key={part}
              title={hint}
              className={classNames(CHIP, "border-transparent", count === 0 && "text-ink-faint")}
            >
              {words}
            </span>
          );
        }
        const isChosen = filter === leadsTo;
        return (
          <button
            key={part}
            type="button"
            aria-pressed={isChosen}
            title={hint}
            onClick={() => void setFilter(isChosen ? "all" : leadsTo)}
            className={classNames(
              CHIP,
              "hover:bg-hover",
              isChosen ? "border-accent bg-selected" : "border-line-strong",
              count === 0 && "text-ink-faint",
            )}
          >
            {words}
          </button>
        );
      })}
    </div>
  );
}

function Words({ part, count }: { part: ReplayPart; count: number }) {
  const t = useTranslations("replays.stands");
  const format = useFormat();
  const { icon: Icon, bar } = STAND_LOOKS[part];
  return (
    <>
      <span aria-hidden className={classNames("size-2 rounded-full", count === 0 ? "bg-pressed" : bar)} />
      <Icon aria-hidden className="size-3" />
      {t(part)}
      <span className="font-medium tabular-nums">{format.number(count)}</span>
    </>
  );
}
