"use client";

import { Columns2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { serviceName } from "#components/lib/step-name.ts";
import { classNames } from "#components/ui/class-names.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { FlowTypeDto, JudgementDto, VerdictsDto } from "#server/contract/topology.ts";
import type { SetTopologyView, TopologyView } from "./topology-view.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

type FlowTypeBarProps = { verdicts: VerdictsDto; view: TopologyView; setView: SetTopologyView };

/** The whole system and each flow type with its verdict: one click shows it, another one puts it beside. */
export function FlowTypeBar({ verdicts, view, setView }: FlowTypeBarProps) {
  const t = useTranslations("topology");
  const show = (flow: string | null) =>
    void setView({ flow, beside: null, view: null, at: null, focus: null }, { history: "push" });
  return (
    <nav
      aria-label={t("flowTypes.label")}
      className="flex items-stretch gap-1.5 overflow-x-auto border-line border-t px-2 py-1.5 [scrollbar-width:thin] md:px-4"
    >
      <Choice
        name={t("flowTypes.whole")}
        judgement={verdicts.whole}
        isShown={view.flow === null && view.beside === null}
        onShow={() => show(null)}
      />
      {verdicts.flowTypes.map((flowType) => (
        <Choice
          key={flowType.id}
          name={flowType.type}
          by={starterOf(flowType)}
          judgement={flowType.judgement}
          isShown={view.flow === flowType.id || view.beside === flowType.id}
          onShow={() => show(flowType.id)}
          // Beside another flow type: the whole system holds it already.
          {...(view.flow !== null && view.flow !== flowType.id
            ? {
                isBeside: view.beside === flowType.id,
                onBeside: () =>
                  void setView({
                    beside: view.beside === flowType.id ? null : flowType.id,
                    view: null,
                    at: null,
                  }),
              }
            : {})}
        />
      ))}
    </nav>
  );
}

/** The service that starts a flow type, as people call it. */
export function starterOf({ startedBy, group }: Pick<FlowTypeDto, "startedBy" | "group">): string {
  const name = serviceName(startedBy);
  if (group === null) return name;
  return `${group} · ${name.split(/[/.]/).at(-1) ?? name}`;
}

type ChoiceProps = {
  name: string;
  by?: string;
  judgement: JudgementDto;
  isShown: boolean;
  onShow: () => void;
  isBeside?: boolean;
  onBeside?: () => void;
};

function Choice({ name, by, judgement, isShown, onShow, isBeside, onBeside }: ChoiceProps) {
  const t = useTranslations("topology.flowTypes");
  return (
    <span
      className={classNames(
        "flex shrink-0 items-center rounded-md border pr-1",
        isShown ? "border-accent bg-selected" : "border-line-strong bg-surface",
      )}
    >
      <button
        type="button"
        aria-pressed={isShown}
        onClick={onShow}
        className="flex min-h-8 items-center gap-2 rounded-md px-2 py-0.5 text-left text-xs hover:bg-hover pointer-coarse:min-h-10"
      >
        <span className="flex flex-col leading-4">
          <span className="font-medium font-mono">{name}</span>
          {by === undefined ? null : <span className="max-w-48 truncate text-2xs text-ink-muted">{by}</span>}
        </span>
        <VerdictBadge judgement={judgement} />
      </button>
      {onBeside === undefined ? null : (
        <IconButton
          size="sm"
          aria-pressed={isBeside}
          label={t(isBeside ? "notBeside" : "beside", { type: name })}
          icon={<Columns2 aria-hidden className="size-3.5" />}
          onClick={onBeside}
        />
      )}
    </span>
  );
}
