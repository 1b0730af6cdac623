"use client";

import { Blend, CircleHelp, Crown, type LucideIcon, Waypoints } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { JudgementDto, Verdict } from "#server/contract/topology.ts";

const LOOKS: Record<Verdict, { icon: LucideIcon; tone: Tone }> = {
  broker: { icon: Waypoints, tone: "info" },
  mediator: { icon: Crown, tone: "danger" },
  mixed: { icon: Blend, tone: "warn" },
  "too-little-evidence": { icon: CircleHelp, tone: "neutral" },
};

/** Who runs it, and how sure that is. */
export function VerdictBadge({ judgement }: { judgement: Pick<JudgementDto, "verdict" | "confidence"> }) {
  const t = useTranslations("topology.verdicts");
  const words = useVerdictWords();
  const { icon: Icon, tone } = LOOKS[judgement.verdict];
  return (
    <span title={t(`hints.${judgement.verdict}`)} className="inline-flex">
      <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
        {words(judgement)}
      </Badge>
    </span>
  );
}

/** `broker, 97% sure`. Too little evidence is no verdict that one could be sure of. */
export function useVerdictWords() {
  const t = useTranslations("topology.verdicts");
  const format = useFormat();
  return ({ verdict, confidence }: Pick<JudgementDto, "verdict" | "confidence">) => {
    const name = t(`names.${verdict}`);
    if (verdict === "too-little-evidence") return name;
    return t("sure", { verdict: name, confidence: format.percent(Math.round(confidence * 100) / 100) });
  };
}
