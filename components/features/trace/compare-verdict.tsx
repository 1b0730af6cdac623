"use client";

import { Equal, Split } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComparedStep, toComparedSteps } from "./compare-rows.ts";
import { sideName } from "./compare-sides.tsx";
import type { ReadComparison } from "./trace-queries.ts";

/** In one sentence: at which step the two part first, and how. */
export function CompareVerdict({ read }: { read: ReadComparison }) {
  const t = useTranslations("compare");
  const sentence = useVerdict(read);
  const { first, divergences, compared } = read.comparison;
  const Icon = first === null ? Equal : Split;
  return (
    <div
      role="status"
      className={`flex gap-2 rounded-lg border px-3 py-2 ${first === null ? "border-ok bg-ok-soft" : "border-warn bg-warn-soft"}`}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="wrap-anywhere font-medium text-base">{sentence}</p>
        <p className="text-ink-muted text-xs">
          {divergences.length < 2 ? null : `${t("more", { count: divergences.length - 1 })} `}
          {t("compared", { count: compared.payloads })}
          {compared.missing === 0 ? null : ` ${t("missingPayloads", { count: compared.missing })}`}
        </p>
      </div>
    </div>
  );
}

function useVerdict(read: ReadComparison): string {
  const t = useTranslations("compare.verdict");
  const states = useTranslations("trace.stepStates");
  const { first } = read.comparison;
  const steps = toComparedSteps({
    left: read.left.trace,
    right: read.right.trace,
    comparison: read.comparison,
  });
  if (first === null) return t("none", { count: steps.length });
  const row = steps.find(({ key, occurrence }) => key === first.key && occurrence === first.occurrence);
  const names = { left: sideName(read.left), right: sideName(read.right) };
  const step = stepWords(row, first.key);
  const values = { step, nth: first.occurrence, ...names };
  switch (first.kind) {
    case "only-left":
    case "only-right":
      return t(first.kind, values);
    case "state":
      return t("state", {
        ...values,
        leftState: first.leftState === null ? "" : states(first.leftState),
        rightState: first.rightState === null ? "" : states(first.rightState),
      });
    case "answer":
      return t("answer", {
        ...values,
        leftAnswers: answersOf(row?.left, t("nothing")),
        rightAnswers: answersOf(row?.right, t("nothing")),
      });
  }
}

function stepWords(row: ComparedStep | undefined, key: string): string {
  return row?.name ?? key;
}

function answersOf(side: ComparedStep["left"] | undefined, nothing: string): string {
  const answers = side?.answers ?? [];
  return answers.length === 0 ? nothing : answers.join(", ");
}
