"use client";

import { useTranslations } from "next-intl";
import { SAGA_LOOKS } from "#components/lib/saga-state.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { SagaCountsDto } from "#server/contract/sagas.ts";
import type { SagaState } from "#server/domain/sagas/saga.ts";
import { STATES_BY_URGENCY } from "./list-counts.ts";

type ListStatesProps = {
  counts: SagaCountsDto["states"];
  chosen: readonly SagaState[];
  onToggle: (state: SagaState) => void;
};

/** How many sagas stand in each state, the worst first. Each of them narrows the list. */
export function ListStates({ counts, chosen, onToggle }: ListStatesProps) {
  const t = useTranslations("sagas.list");
  const states = useTranslations("trace.states");
  const hints = useTranslations("trace.stateHints");
  const format = useFormat();
  return (
    <fieldset className="flex min-w-0 gap-1 overflow-x-auto px-2 py-1.5 md:px-4">
      <legend className="sr-only">{t("byState")}</legend>
      {STATES_BY_URGENCY.map((state) => {
        const { icon: Icon, tone } = SAGA_LOOKS[state];
        const count = counts[state] ?? 0;
        const isAlarming = count > 0 && tone === "danger";
        return (
          <button
            key={state}
            type="button"
            title={hints(state)}
            aria-pressed={chosen.includes(state)}
            onClick={() => onToggle(state)}
            className={classNames(
              "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md border border-line px-2 text-xs hover:bg-hover pointer-coarse:h-10",
              "aria-pressed:border-accent aria-pressed:bg-selected",
              count === 0 && "text-ink-faint",
              isAlarming && "text-danger-ink",
            )}
          >
            <Icon aria-hidden className="size-3.5" />
            <span className="font-semibold tabular-nums">{format.number(count)}</span>
            <span className={count === 0 || isAlarming ? "" : "text-ink-muted"}>{states(state)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
