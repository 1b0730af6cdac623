"use client";

import { Crown, Undo2, Waypoints } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { flowHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { PanelFrame, PanelSection } from "#components/ui/panel-frame.tsx";
import type {
  EvidenceDto,
  FlowTypeDto,
  JudgementDto,
  MediationDto,
  VerdictsDto,
} from "#server/contract/topology.ts";
import { starterOf } from "./flow-type-bar.tsx";
import { type NodeNames, nameOf, useEvidenceWords } from "./use-fact-words.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

type VerdictPanelProps = {
  verdicts: VerdictsDto;
  /** Null for the whole system. */
  flowType: FlowTypeDto | null;
  names: NodeNames;
  onFlowType: (id: string) => void;
  onSelect: (id: string) => void;
  onClose: () => void;
};

/** The verdict over what is shown, and why: the evidence in words and numbers. */
export function VerdictPanel({
  verdicts,
  flowType,
  names,
  onFlowType,
  onSelect,
  onClose,
}: VerdictPanelProps) {
  const t = useTranslations("topology.verdicts");
  const format = useFormat();
  const judgement = flowType?.judgement ?? verdicts.whole;
  const { seen, examined } = verdicts.flows;
  return (
    <PanelFrame
      label={t("panel")}
      title={flowType === null ? t("whole") : flowType.type}
      badge={<VerdictBadge judgement={judgement} />}
      onClose={onClose}
    >
      <PanelSection title={t("judgement")}>
        <p className="max-w-prose text-sm">{t(`hints.${judgement.verdict}`)}</p>
        <p className="mt-1 text-ink-muted text-xs">
          {flowType === null
            ? t("basis", { seen: format.number(seen), examined: format.number(examined) })
            : t("flows", { flows: format.number(judgement.flows), starter: starterOf(flowType) })}
        </p>
      </PanelSection>
      <PanelSection title={t("evidence")}>
        <EvidenceList judgement={judgement} names={names} />
      </PanelSection>
      {flowType?.mediations.map((mediation) => (
        <PanelSection key={mediation.node} title={t("steps", { mediator: nameOf(names, mediation.node) })}>
          <StageList mediation={mediation} names={names} onSelect={onSelect} />
        </PanelSection>
      ))}
      {flowType === null ? (
        <PanelSection title={t("byFlowType")}>
          <ul className="flex flex-col gap-1.5">
            {verdicts.flowTypes.map((each) => (
              <li key={each.id} className="flex flex-wrap items-center gap-2">
                <button
                  type="button"
                  className="min-w-0 text-left text-accent text-sm hover:underline"
                  onClick={() => onFlowType(each.id)}
                >
                  <TypeName type={each.type} />
                </button>
                <span className="text-ink-muted text-xs">{starterOf(each)}</span>
                <VerdictBadge judgement={each.judgement} />
              </li>
            ))}
          </ul>
        </PanelSection>
      ) : (
        <PanelSection title={t("examples")}>
          <ul className="flex flex-col gap-1 text-xs">
            {flowType.examples.map(({ correlationId, startedAt }) => (
              <li key={correlationId} className="flex gap-2">
                <time dateTime={startedAt} className="shrink-0 text-ink-muted">
                  {format.time(startedAt)}
                </time>
                <Link
                  href={flowHref(correlationId)}
                  className="truncate font-mono text-accent hover:underline"
                >
                  {correlationId}
                </Link>
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
    </PanelFrame>
  );
}

const SIDES: Record<EvidenceDto["speaksFor"], ReactNode> = {
  broker: <Waypoints aria-hidden className="mt-0.5 size-3.5 shrink-0 text-info-ink" />,
  mediator: <Crown aria-hidden className="mt-0.5 size-3.5 shrink-0 text-mediator-ink" />,
  neither: <span aria-hidden className="mt-1.5 size-1.5 shrink-0 rounded-full bg-control" />,
};

function EvidenceList({ judgement, names }: { judgement: JudgementDto; names: NodeNames }) {
  const t = useTranslations("topology.verdicts");
  const words = useEvidenceWords();
  if (judgement.evidence.length === 0) return <p className="text-ink-muted text-sm">{t("noEvidence")}</p>;
  return (
    <ul className="flex flex-col gap-2 text-sm">
      {judgement.evidence.map((evidence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: evidence of one kind comes several times, in the order of its weight
        <li key={`${evidence.kind} ${index}`} className="flex gap-2">
          {SIDES[evidence.speaksFor]}
          <span className="min-w-0">
            {words(evidence, names)}{" "}
            <span className="text-2xs text-ink-faint">{t(`speaksFor.${evidence.speaksFor}`)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

type StageListProps = { mediation: MediationDto; names: NodeNames; onSelect: (id: string) => void };

/** What a mediator does, in order; steps that go back are marked. */
function StageList({ mediation: { stages }, names, onSelect }: StageListProps) {
  const t = useTranslations("topology.verdicts");
  const format = useFormat();
  return (
    <ol className="flex flex-col gap-1.5 text-xs">
      {stages.map(({ relation, steps }) => (
        <li key={steps.map(({ command }) => command).join()} className="border-line border-l-2 pl-2">
          {relation === "single" ? null : (
            <p className="text-2xs text-ink-faint">{t(`relations.${relation}`)}</p>
          )}
          {steps.map(({ node, command, replies, isCompensation, p50Ms, flows }) => (
            <p key={command} className="flex flex-wrap items-center gap-x-2">
              {isCompensation ? (
                <span title={t("compensation")} className="inline-flex">
                  <Undo2 role="img" aria-label={t("compensation")} className="size-3.5 text-mediator-ink" />
                </span>
              ) : null}
              <span className="font-medium font-mono">{command}</span>
              <button type="button" className="text-accent hover:underline" onClick={() => onSelect(node)}>
                {nameOf(names, node)}
              </button>
              {replies.length === 0 ? null : (
                <span className="text-ink-muted">{`→ ${replies.join(", ")}`}</span>
              )}
              <span className="text-ink-faint tabular-nums">
                {t("stepNumbers", {
                  flows: format.number(flows),
                  p50: p50Ms === null ? "–" : format.duration(p50Ms),
                })}
              </span>
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}
