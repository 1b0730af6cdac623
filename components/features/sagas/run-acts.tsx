"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProcessTraceDto } from "#server/contract/processes.ts";

const ACTS = {
  "step.retried": "retry",
  "step.skipped": "skip",
  "step.compensated": "skip",
  "process.called-off": "compensate",
  "process.cancelled": "cancel",
} as const;
const MAX_SHOWN = 5;

type Act = { key: string; action: (typeof ACTS)[keyof typeof ACTS]; actor: string } & Pick<
  ProcessTraceDto["transitions"][number],
  "step" | "detail" | "at"
>;

/** What people did about a run, the last first. */
export function listActs({ transitions }: ProcessTraceDto): Act[] {
  const acts = transitions.flatMap(({ kind, actor, step, detail, at }, index): Act[] => {
    if (actor === null || !isAct(kind)) return [];
    return [{ key: `${index}`, action: ACTS[kind], actor, step, detail, at }];
  });
  return acts.toReversed();
}

function isAct(kind: string): kind is keyof typeof ACTS {
  return kind in ACTS;
}

/** Who did what about a run, when and why. */
export function RunActs({ acts }: { acts: readonly Act[] }) {
  const t = useTranslations("runActions");
  const format = useFormat();
  return (
    <ul aria-label={t("acts")} className="flex max-w-80 flex-col gap-1 px-2 py-1 text-xs">
      {acts.slice(0, MAX_SHOWN).map(({ key, action, actor, step, detail, at }) => (
        <li key={key} className="wrap-anywhere">
          {t(`${action}.was`, { actor, step: step ?? "", time: format.dateTime(at) })}
          {detail === null ? null : (
            <span className="block text-ink-muted">{t("because", { reason: detail })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
