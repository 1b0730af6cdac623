"use client";

import { useTranslations } from "next-intl";
import type { WaitingCount } from "#components/live/live-list.ts";
import { FloatingPill } from "#components/ui/floating-pill.tsx";
import { useFormat } from "#components/ui/format-context.tsx";

type WaitingPillProps = { waiting: WaitingCount; onShow: () => void };

/** How many events wait while the list is held, over its top. A click shows them. */
export function WaitingPill({ waiting: { count, isExact }, onShow }: WaitingPillProps) {
  const t = useTranslations("live.waiting");
  const format = useFormat();
  if (count === 0 && isExact) return null;
  return (
    <FloatingPill onClick={onShow}>
      {t(isExact ? "new" : "newAtLeast", { count: format.number(count) })}
    </FloatingPill>
  );
}
