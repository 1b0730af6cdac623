"use client";

import { useTranslations } from "next-intl";
import type { SagaDto } from "#server/contract/sagas.ts";

type ListProgressProps = Pick<SagaDto, "progress" | "state">;

/** How far a saga got, as a bar and in words: what was done, what failed, and what was taken back. */
export function ListProgress({ progress, state }: ListProgressProps) {
  const t = useTranslations("sagas.progress");
  const { completed, of, failed, compensated, toCompensate } = progress;
  const notes = [
    ...(failed > 0 ? [t("failed", { count: failed })] : []),
    ...(toCompensate > 0 ? [t("takenBack", { done: compensated, of: toCompensate })] : []),
  ];
  const total = Math.max(1, of);
  const share = Math.min(1, completed / total);
  const lost = Math.min(1 - share, failed / total);
  return (
    <span className="flex flex-col gap-1 text-xs">
      <span className="flex items-center gap-2">
        <span aria-hidden className="flex h-1.5 w-14 shrink-0 overflow-hidden rounded-full bg-pressed">
          <span
            className={state === "compensated" || state === "compensating" ? "bg-warn" : "bg-ok"}
            style={{ width: `${share * 100}%` }}
          />
          <span className="bg-danger" style={{ width: `${lost * 100}%` }} />
        </span>
        <span className="tabular-nums">{t("done", { completed, of })}</span>
      </span>
      {notes.length === 0 ? null : (
        <span title={notes.join(" · ")} className="truncate text-2xs text-ink-muted">
          {notes.join(" · ")}
        </span>
      )}
    </span>
  );
}
