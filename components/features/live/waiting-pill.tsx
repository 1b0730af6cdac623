"use client";

import { ArrowUp } from "lucide-react";
import { useTranslations } from "next-intl";
import type { WaitingCount } from "#components/live/live-list.ts";
import { useFormat } from "#components/ui/format-context.tsx";

type WaitingPillProps = { waiting: WaitingCount; onShow: () => void };

/** How many events wait while the list is held, over its top. A click shows them. */
export function WaitingPill({ waiting: { count, isExact }, onShow }: WaitingPillProps) {
  const t = useTranslations("live.waiting");
  const format = useFormat();
  if (count === 0 && isExact) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      className="-translate-x-1/2 absolute top-9 left-1/2 z-20 flex h-7 animate-enter items-center gap-1.5 whitespace-nowrap rounded-full bg-accent px-3 font-medium text-on-accent text-xs shadow-raised hover:bg-accent-strong pointer-coarse:h-10"
    >
      <ArrowUp aria-hidden className="size-3.5" />
      {t(isExact ? "new" : "newAtLeast", { count: format.number(count) })}
    </button>
  );
}
