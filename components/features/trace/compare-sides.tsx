"use client";

import { ArrowUpRight, Replace } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { SagaStateBadge } from "#components/lib/saga-state.tsx";
import { traceHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { TraceReference } from "#server/contract/sagas.ts";
import { SagaPicker } from "./saga-picker.tsx";
import type { ReadComparison, ReadTrace } from "./trace-queries.ts";
import type { useCompareSides } from "./use-compare-sides.ts";

type CompareSidesProps = { read: ReadComparison; sides: ReturnType<typeof useCompareSides> };

/** The two that are compared: where each stands, how long it took, and the way to its trace. */
export function CompareSides({ read, sides }: CompareSidesProps) {
  const t = useTranslations("compare");
  const { left, right } = read;
  return (
    <div className="grid grid-cols-2 gap-2 md:gap-4">
      <Side label={t("left")} answer={left} beside={right} onChoose={sides.chooseLeft} />
      <Side label={t("right")} answer={right} beside={left} onChoose={sides.chooseRight} />
    </div>
  );
}

type SideProps = {
  label: string;
  answer: ReadTrace;
  beside: ReadTrace;
  onChoose: (reference: TraceReference) => void;
};

function Side({ label, answer, beside, onChoose }: SideProps) {
  const t = useTranslations("compare");
  const format = useFormat();
  const [isChoosing, setIsChoosing] = useState(false);
  const { reference, trace, saga, name, isCapped } = answer;
  return (
    <section
      aria-label={label}
      className="flex min-w-0 flex-col gap-1 rounded-lg border border-line-strong bg-surface px-3 py-2"
    >
      <div className="flex items-start gap-1">
        <Link
          href={traceHref(reference)}
          title={reference.value}
          className="flex min-w-0 items-center gap-1 py-0.5 font-medium font-mono text-accent text-sm hover:underline"
        >
          <span className="truncate">{sideName(answer)}</span>
          <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
        </Link>
        <span className="flex-1" />
        <IconButton
          size="sm"
          label={t("chooseOther")}
          icon={<Replace aria-hidden className="size-3.5" />}
          onClick={() => setIsChoosing(true)}
        />
      </div>
      <TypeName type={name} className="text-ink-muted text-xs" />
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-xs">
        <SagaStateBadge state={saga.state} />
        <span>{format.duration((trace.endUs - trace.startUs) / 1000)}</span>
        <span>{t("events", { count: trace.events.length })}</span>
        <Timestamp at={trace.startUs / 1000} shape="minute" className="max-sm:hidden" />
      </p>
      {isCapped ? (
        <p className="text-warn-ink text-xs">{t("capped", { count: trace.events.length })}</p>
      ) : null}
      <SagaPicker
        open={isChoosing}
        onOpenChange={setIsChoosing}
        type={answer.type}
        excluded={[reference, beside.reference]}
        onPick={onChoose}
      />
    </section>
  );
}

/** What people know it by. */
export function sideName({ key, reference }: Pick<ReadTrace, "key" | "reference">): string {
  return key ?? reference.value;
}
