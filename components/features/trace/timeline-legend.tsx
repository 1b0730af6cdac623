"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** What the signs of a timeline mean: shapes and patterns, which colours only underline. */
export function TimelineLegend() {
  const t = useTranslations("trace.timeline.legendItems");
  return (
    <ul className="flex w-60 flex-col gap-1.5 text-xs">
      <Sign words={t("work")}>
        <rect x="2" y="3" width="36" height="10" rx="3" className="fill-accent" />
      </Sign>
      <Sign words={t("failed")}>
        <rect x="2" y="3" width="36" height="10" rx="3" className="fill-danger" />
        <path d="M6 5 l6 6 m0 -6 l-6 6" className="stroke-2 stroke-on-accent" />
      </Sign>
      <Sign words={t("refused")}>
        <rect x="2" y="3" width="36" height="10" rx="3" className="fill-danger" />
        <path d="M6 8 H13" className="stroke-2 stroke-on-accent" />
      </Sign>
      <Sign words={t("running")}>
        <rect x="2" y="3" width="36" height="10" rx="3" className="fill-info" />
      </Sign>
      <Sign words={t("queued")}>
        <path d="M2 8 H38" strokeDasharray="1.5 3" className="stroke-2 stroke-control" />
      </Sign>
      <Sign words={t("retry")}>
        <path d="M2 8 H38" strokeDasharray="6 4" className="stroke-2 stroke-control" />
      </Sign>
      <Sign words={t("dead")}>
        <rect x="2" y="3" width="36" height="10" className="fill-danger-soft" />
        <path d="M4 13 l8 -10 m0 10 l8 -10 m0 10 l8 -10 m0 10 l8 -10" className="stroke-danger" />
      </Sign>
      <Sign words={t("undo")}>
        <rect x="2" y="3" width="36" height="10" rx="3" className="fill-store" />
      </Sign>
      <Sign words={t("replay")}>
        <text x="2" y="12" className="fill-ink font-semibold text-2xs">
          {"↻1"}
        </text>
      </Sign>
      <Sign words={t("event")}>
        <path d="M8 3 l5 5 l-5 5 l-5 -5 z" className="fill-ink-muted" />
        <rect x="22" y="4" width="8" height="8" className="fill-ink-muted" />
      </Sign>
      <Sign words={t("gap")}>
        <path d="M8 3 l5 5 l-5 5 l-5 -5 z" className="fill-surface stroke-2 stroke-warn" />
      </Sign>
      <Sign words={t("critical")}>
        <path d="M2 4 H14 V12 H38" fill="none" className="stroke-2 stroke-ink" />
      </Sign>
    </ul>
  );
}

function Sign({ words, children }: { words: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <svg aria-hidden="true" width="40" height="16" className="shrink-0">
        {children}
      </svg>
      {words}
    </li>
  );
}
