"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { stepLine } from "#components/lib/step-name.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { nameChips, type WaitingCounts } from "./list-counts.ts";
import type { SagaView } from "./list-view.ts";

/** The worst of them, in a line or two; a phone scrolls along them. */
const FEW = 5;

type ListStepsProps = {
  type: string;
  waiting: readonly WaitingCounts[];
  view: SagaView;
  onViewChange: (view: SagaView) => void;
};

/** What the sagas of a type wait for. A click narrows the list to just these. */
export function ListSteps({ type, waiting, view, onViewChange }: ListStepsProps) {
  const t = useTranslations("sagas.list");
  const [showsAll, setShowsAll] = useState(false);
  const names = nameChips(waiting);
  const isChosen = ({ step, state }: WaitingCounts) =>
    view.type.includes(type) && view.step === step.key && view.state.includes(state);
  const shown = waiting.filter((each, index) => showsAll || index < FEW || isChosen(each));
  const hidden = waiting.length - shown.length;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-1 overflow-x-auto md:flex-wrap">
      {shown.map((each) => (
        <StepChip
          key={`${each.step.key} ${each.state}`}
          waiting={each}
          name={names.get(each.step.key) ?? each.step.name}
          isChosen={isChosen(each)}
          onToggle={(isOn) =>
            onViewChange({
              ...view,
              type: isOn ? [type] : [],
              step: isOn ? each.step.key : null,
              state: isOn ? [each.state] : [],
            })
          }
        />
      ))}
      {waiting.length <= FEW ? null : (
        <Button
          size="sm"
          variant="ghost"
          className="h-5.5 shrink-0"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? t("fewerSteps") : t("moreSteps", { count: hidden })}
        </Button>
      )}
      {waiting.length === 0 ? <span className="leading-6 text-ink-faint">{t("noneOpen")}</span> : null}
    </span>
  );
}

type StepChipProps = {
  waiting: WaitingCounts;
  name: string;
  isChosen: boolean;
  onToggle: (isOn: boolean) => void;
};

/** How many wait for one step: "312 wait for payment". */
function StepChip({ waiting: { step, state, sagas }, name, isChosen, onToggle }: StepChipProps) {
  const t = useTranslations("sagas.list");
  const kind = state === "stuck" || state === "compensating" || state === "running" ? state : "waiting";
  return (
    <button
      type="button"
      title={stepLine(step)}
      aria-pressed={isChosen}
      onClick={() => onToggle(!isChosen)}
      className={classNames(
        "inline-flex h-5.5 shrink-0 items-center rounded-sm px-1.5 tabular-nums hover:underline pointer-coarse:h-8",
        "aria-pressed:outline-2 aria-pressed:outline-accent aria-pressed:-outline-offset-2",
        state === "stuck" ? "bg-danger-soft text-danger-ink" : "bg-pressed text-ink-muted",
        sagas === 0 && "opacity-60",
      )}
    >
      {t(`chips.${kind}`, { count: sagas, step: shorten(name) })}
    </button>
  );
}

const STEP_LETTERS = 38;

/** The end of a name tells it from others. */
function shorten(name: string): string {
  return name.length <= STEP_LETTERS ? name : `…${name.slice(1 - STEP_LETTERS)}`;
}
