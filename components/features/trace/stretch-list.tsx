"use client";

import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { Stretch } from "./selection-facts.ts";

type StretchListProps = {
  stretches: readonly Stretch[];
  selected: number | null;
  onSelect: (span: number) => void;
};

/** Waiting and working, one after the other; replays are set apart. */
export function StretchList({ stretches, selected, onSelect }: StretchListProps) {
  const t = useTranslations("trace.panel");
  const format = useFormat();
  return (
    <ol className="flex flex-col text-xs">
      {stretches.map((stretch, index) => {
        const before = stretches[index - 1]?.generation ?? 0;
        const { startUs, endUs } = stretch;
        const took = endUs === null ? t("lasts") : format.duration((endUs - startUs) / 1000);
        return (
          <Fragment key={stretch.span}>
            {stretch.generation > before ? (
              <li className="mt-1 border-line border-t pt-1 font-medium text-ink-muted">
                {t("replayed", { generation: stretch.generation })}
              </li>
            ) : null}
            <li>
              <button
                type="button"
                aria-pressed={stretch.span === selected}
                onClick={() => onSelect(stretch.span)}
                className={classNames(
                  "grid w-full grid-cols-[6.5rem_1fr_auto] gap-x-2 rounded-sm px-1 py-0.5 text-left hover:bg-hover",
                  stretch.span === selected && "bg-selected",
                )}
              >
                <span className="text-ink-faint tabular-nums">{format.time(startUs / 1000)}</span>
                <span className={stretch.kind === "work" ? "font-medium" : "text-ink-muted"}>
                  <StretchWords stretch={stretch} />
                </span>
                <span className="tabular-nums">{took}</span>
                {stretch.kind === "work" && stretch.error !== null ? (
                  <span className="wrap-anywhere col-span-2 col-start-2 text-danger-ink">
                    {stretch.error}
                  </span>
                ) : null}
              </button>
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}

function StretchWords({ stretch }: { stretch: Stretch }) {
  const t = useTranslations("trace");
  if (stretch.kind === "wait") return t(`waits.${stretch.reason}`);
  return t("panel.attempt", { attempt: stretch.attempt, outcome: t(`outcomes.${stretch.outcome}`) });
}
