"use client";

import { Workflow } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { letterHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import type { Compensation, Trace } from "#server/domain/sagas/trace.ts";
import { describeSelection } from "./selection-facts.ts";
import { STEP_TONES } from "./step-look.ts";
import { StretchList } from "./stretch-list.tsx";
import type { ReadTrace } from "./trace-queries.ts";
import type { TraceSelection } from "./trace-selection.ts";

type SelectionPanelProps = {
  answer: ReadTrace;
  selection: TraceSelection;
  onSelect: (selection: TraceSelection | null) => void;
};

/** How a step went: its attempts, what it waited for, what it was asked by and answered, and what took it back. */
export function SelectionPanel({ answer, selection, onSelect }: SelectionPanelProps) {
  const t = useTranslations("trace.panel");
  const states = useTranslations("trace.stepStates");
  const format = useFormat();
  const { trace, letters } = answer;
  const facts = useMemo(() => describeSelection(trace, selection), [trace, selection]);
  const { step, spent } = facts;
  const services = new Map(trace.services.map(({ id, name }) => [id, name]));
  const service = step?.service == null ? null : (services.get(step.service) ?? step.service);
  const [first] = facts.events;
  const title = step?.name ?? (first === undefined ? "" : (trace.events[first]?.type ?? ""));
  const positions = new Set(facts.events.map((event) => trace.events[event]?.position));
  const own = letters.filter(
    ({ position, consumer }) => positions.has(position) && facts.receivers.includes(consumer),
  );
  return (
    <PanelFrame
      label={t("label")}
      title={title}
      icon={<Workflow aria-hidden className="size-4 shrink-0 text-ink-muted" />}
      badge={step === null ? null : <Badge tone={STEP_TONES[step.state]}>{states(step.state)}</Badge>}
      onClose={() => onSelect(null)}
    >
      <PanelSection title={t("facts")}>
        <FigureList>
          <Figure label={t("service")}>{service ?? facts.receivers.join(", ")}</Figure>
          <Figure label={t("working")}>{format.duration(spent.workUs / 1000)}</Figure>
          <Figure label={t("waiting")}>{format.duration(spent.waitUs / 1000)}</Figure>
          {facts.generations === 0 ? null : (
            <Figure label={t("replays")}>{format.number(facts.generations)}</Figure>
          )}
        </FigureList>
        <Undoing trace={trace} compensation={facts.undoes} kind="undoes" onSelect={onSelect} />
        <Undoing trace={trace} compensation={facts.undoneBy} kind="undoneBy" onSelect={onSelect} />
        {own.map((letter) => (
          <p key={letter.consumer} className="mt-2 text-sm">
            <Link href={letterHref(letter)} prefetch={false} className="text-accent hover:underline">
              {t("letter", { consumer: letter.consumer })}
            </Link>
          </p>
        ))}
      </PanelSection>
      {facts.stretches.length === 0 ? null : (
        <PanelSection title={t("stretches")}>
          <StretchList
            stretches={facts.stretches}
            selected={selection.kind === "span" ? selection.span : null}
            onSelect={(span) => onSelect({ kind: "span", span })}
          />
        </PanelSection>
      )}
      <PanelSection title={t("events")}>
        <ul className="flex flex-col items-start gap-1">
          {facts.events.map((event) => (
            <li key={event} className="max-w-full">
              <Button
                variant="ghost"
                size="sm"
                className="max-w-full truncate font-mono"
                onClick={() => onSelect({ kind: "event", event })}
              >
                {trace.events[event]?.type}
              </Button>
            </li>
          ))}
        </ul>
      </PanelSection>
    </PanelFrame>
  );
}

type UndoingProps = {
  trace: Trace;
  compensation: Compensation | null;
  kind: "undoes" | "undoneBy";
  onSelect: (selection: TraceSelection) => void;
};

/** The other step of a compensation, how sure that link is, and what speaks for it. */
function Undoing({ trace, compensation, kind, onSelect }: UndoingProps) {
  const t = useTranslations("trace.panel");
  const signals = useTranslations("trace.signals");
  const format = useFormat();
  if (compensation === null) return null;
  const step = kind === "undoes" ? compensation.undoes : compensation.step;
  return (
    <div className="mt-2 text-sm">
      {t(kind)}{" "}
      <Button variant="ghost" size="sm" onClick={() => onSelect({ kind: "step", step })}>
        {trace.steps[step]?.name}
      </Button>
      <p className="text-ink-muted text-xs">
        {t("sure", {
          confidence: format.percent(compensation.confidence),
          signals: compensation.signals.map((signal) => signals(signal)).join(t("comma")),
        })}
      </p>
    </div>
  );
}
