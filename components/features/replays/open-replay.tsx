"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { replayHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { OutcomeBar } from "./outcome-bar.tsx";
import { SelectionLabel } from "./selection-label.tsx";
import { ReplayStatusBadge } from "./status-badge.tsx";

/** A replay that is not over: what it is, why, and how far it is. */
export function OpenReplay({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays");
  const format = useFormat();
  const { id, status, reason, by, totals, selection, remainingSeconds } = replay;
  return (
    <li className="flex flex-col gap-1.5 border-line border-t px-3 py-2.5 first:border-t-0 hover:bg-hover md:px-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <Link href={replayHref(id)} prefetch={false} className="font-medium hover:underline">
          {t("replay", { id })}
        </Link>
        <ReplayStatusBadge status={status} />
        <span className="min-w-0">
          <SelectionLabel selection={selection} />
        </span>
        <span className="min-w-0 flex-1 truncate text-ink-muted">{reason}</span>
        <span className="text-ink-muted text-xs">{by}</span>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <OutcomeBar replay={replay} className="min-w-40 flex-1" />
        <span className="text-xs tabular-nums">
          {t("endedOf", { ended: totals.ended, total: totals.itemCount })}
        </span>
        {status === "running" && remainingSeconds !== null ? (
          <span className="text-ink-muted text-xs">
            {t("remaining", { duration: format.duration(Math.max(1, Math.round(remainingSeconds)) * 1000) })}
          </span>
        ) : null}
      </div>
    </li>
  );
}
