"use client";

import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { useNow } from "#components/ui/use-now.ts";
import { EvidenceList } from "./evidence-list.tsx";
import { explainSaga } from "./explain-saga.ts";
import { GapList } from "./gap-list.tsx";
import { LetterLinks } from "./letter-links.tsx";
import { SubjectSelect } from "./subject-select.tsx";
import { TraceFacts } from "./trace-facts.tsx";
import type { ReadTrace } from "./trace-queries.ts";
import type { TraceViewState } from "./use-trace-view.ts";
import { writeExplanation } from "./write-explanation.ts";

const TONES = {
  awaits: "border-l-info",
  open: "border-l-info",
  completed: "border-l-ok",
  compensated: "border-l-warn",
  failed: "border-l-danger",
  cancelled: "border-l-danger",
} as const;

/** Where a saga stands and why, in one look; what that rests on, and where nobody knows, can be opened. */
export function TraceSummary({ answer, view }: { answer: ReadTrace; view: TraceViewState }) {
  const t = useTranslations("trace");
  const format = useFormat();
  const nowMs = useNow();
  const [open, setOpen] = useState<"evidence" | "gaps" | null>(null);
  const { trace, saga, letters } = answer;
  const nowUs = view.atUs ?? nowMs * 1000;
  const explanation = useMemo(
    () => explainSaga({ trace, saga, letters, nowUs }),
    [trace, saga, letters, nowUs],
  );
  const { headline, details } = writeExplanation(explanation, { t, format, nowMs: nowUs / 1000 });
  const isStopped =
    saga.state === "stuck" || (explanation.kind === "awaits" && explanation.awaited.letter !== null);
  const toggle = (part: "evidence" | "gaps") => setOpen(open === part ? null : part);
  return (
    <section
      aria-label={t("facts.label")}
      className={classNames(
        "flex max-h-[50%] shrink-0 flex-col gap-1.5 overflow-y-auto border-line border-b border-l-3 px-3 py-2 md:px-4",
        isStopped ? "border-l-danger" : TONES[explanation.kind],
      )}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="wrap-anywhere min-w-0 font-medium text-sm">{headline}</p>
        <LetterLinks letters={letters} />
      </div>
      {details.length === 0 ? null : (
        <p className="wrap-anywhere text-ink-muted text-xs">{details.join(" ")}</p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <TraceFacts answer={answer} />
        <span className="flex flex-wrap items-center gap-1.5">
          <SubjectSelect answer={answer} onChange={view.setSubject} />
          <Toggle isOpen={open === "evidence"} onClick={() => toggle("evidence")}>
            {t("evidence.toggle")}
          </Toggle>
          {trace.gaps.length === 0 ? null : (
            <Toggle isOpen={open === "gaps"} onClick={() => toggle("gaps")}>
              {t("gaps.toggle", { count: trace.gaps.length })}
            </Toggle>
          )}
        </span>
      </div>
      {answer.isCapped ? (
        <p className="text-warn-ink text-xs">{t("capped", { count: trace.events.length })}</p>
      ) : null}
      {open === "evidence" ? <EvidenceList trace={trace} saga={saga} onOpen={view.select} /> : null}
      {open === "gaps" ? <GapList trace={trace} onOpen={view.select} /> : null}
    </section>
  );
}

type ToggleProps = { isOpen: boolean; onClick: () => void; children: string };

function Toggle({ isOpen, onClick, children }: ToggleProps) {
  return (
    <Button variant="ghost" size="sm" aria-expanded={isOpen} onClick={onClick}>
      {children}
      <ChevronDown aria-hidden className={classNames("size-3", isOpen && "rotate-180")} />
    </Button>
  );
}
