"use client";

import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { Saga, SagaEvidence } from "#server/domain/sagas/saga.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { writeEvidence } from "./write-evidence.ts";

type EvidenceListProps = { trace: Trace; saga: Saga; onOpen: (selected: string) => void };

/** All that the judgement of a saga rests on, in words and numbers, with the events that prove it. */
export function EvidenceList({ trace, saga, onOpen }: EvidenceListProps) {
  const t = useTranslations("trace");
  const format = useFormat();
  if (saga.evidence.length === 0) return <p className="text-ink-muted text-xs">{t("evidence.none")}</p>;
  return (
    <ul aria-label={t("evidence.label")} className="flex list-disc flex-col gap-1 pl-4 text-xs">
      {saga.evidence.map((evidence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two pieces of evidence may be the same but for their place
        <li key={index} className="wrap-anywhere">
          {writeEvidence(evidence, { t, format })}
          <Steps trace={trace} keys={evidence.steps} />
          <Proofs trace={trace} evidence={evidence} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

function Steps({ trace, keys }: { trace: Trace; keys: readonly string[] }) {
  const t = useTranslations("trace.evidence");
  const comma = useTranslations("trace.panel");
  const names = keys.map((key) => trace.steps.find((step) => step.key === key)?.name ?? key);
  if (names.length === 0) return null;
  return (
    <span className="text-ink-muted"> {t("steps", { names: [...new Set(names)].join(comma("comma")) })}</span>
  );
}

type ProofsProps = { trace: Trace; evidence: SagaEvidence; onOpen: (selected: string) => void };

function Proofs({ trace, evidence, onOpen }: ProofsProps) {
  const t = useTranslations("trace.evidence");
  return evidence.positions.map((position) => {
    const type = trace.events.find((event) => event.position === position)?.type ?? position;
    return (
      <Button
        key={position}
        variant="ghost"
        size="sm"
        title={t("openEvent", { position })}
        className="ml-1 max-w-full truncate font-mono"
        onClick={() => onOpen(`event/${position}`)}
      >
        {type}
      </Button>
    );
  });
}
