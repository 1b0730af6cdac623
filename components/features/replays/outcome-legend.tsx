"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { countOf } from "./item-filter.ts";
import { STANDS } from "./item-stand.ts";
import { STAND_LOOKS } from "./outcome-look.tsx";
import { useItemFilter } from "./use-item-filter.ts";

/** What a bar is made of, in numbers. Pressing one lists those items. */
export function OutcomeLegend({ replay }: { replay: Pick<ReplayDto, "totals" | "heldBack"> }) {
  const t = useTranslations("replays");
  const format = useFormat();
  const [filter, setFilter] = useItemFilter();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div role="group" aria-label={t("items.filter")} className="flex flex-wrap gap-1.5">
      {STANDS.map((stand) => {
        const { icon: Icon, bar } = STAND_LOOKS[stand];
        const count = countOf(replay, stand);
        const isChosen = filter === stand;
        return (
          <button
            key={stand}
            type="button"
            aria-pressed={isChosen}
            title={t(`standHints.${stand}`)}
            onClick={() => void setFilter(isChosen ? "all" : stand)}
            className={classNames(
              "inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs hover:bg-hover pointer-coarse:h-10",
              isChosen ? "border-accent bg-selected" : "border-line-strong",
              count === 0 && "text-ink-faint",
            )}
          >
            <span
              aria-hidden
              className={classNames("size-2 rounded-full", count === 0 ? "bg-pressed" : bar)}
            />
            <Icon aria-hidden className="size-3" />
            {t(`stands.${stand}`)}
            <span className="font-medium tabular-nums">{format.number(count)}</span>
          </button>
        );
      })}
    </div>
  );
}
