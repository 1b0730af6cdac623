"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { SubscriptionStatusDto } from "#server/contract/subscriptions.ts";
import { type ConsumerState, consumerState } from "./consumer-state.ts";

/** The states that ask for somebody, the worst first. */
const NOTABLE = [
  ["failing", "danger"],
  ["behind", "warn"],
  ["paused", "neutral"],
] as const satisfies readonly [ConsumerState, Tone][];

/** How many consumers there are, and how many of them are not all right. */
export function ConsumerCounts({ consumers }: { consumers: readonly SubscriptionStatusDto[] }) {
  const t = useTranslations("consumers");
  const states = consumers.map(consumerState);
  const counts = NOTABLE.map(([state, tone]) => ({
    state,
    tone,
    count: states.filter((one) => one === state).length,
  }));
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className="text-ink-muted text-xs">{t("count", { count: consumers.length })}</span>
      <span className="flex gap-1.5 max-md:hidden">
        {counts.map(({ state, tone, count }) =>
          count === 0 ? null : (
            <Badge key={state} tone={tone}>
              {t(`inState.${state}`, { count })}
            </Badge>
          ),
        )}
      </span>
    </span>
  );
}
