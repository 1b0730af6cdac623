"use client";

import { useTranslations } from "next-intl";
import type { Health } from "#server/domain/overview/health.ts";
import { HEALTH_LOOKS } from "./health-look.ts";

/** Worse minutes stand higher, so that they are seen without colours too. */
const HEIGHTS: Record<Health, number> = { unknown: 4, ok: 8, degraded: 12, failing: 16 };
const STEP = 3;

type HealthLineProps = { service: string; line: readonly (Health | null)[] };

/** How a service was, minute by minute; a minute in which nothing was seen of it is left open. */
export function HealthLine({ service, line }: HealthLineProps) {
  const t = useTranslations("overview.services");
  const count = (health: Health) => line.filter((each) => each === health).length;
  return (
    <svg
      role="img"
      aria-label={t("line", {
        service,
        minutes: line.length,
        failing: count("failing"),
        degraded: count("degraded"),
      })}
      viewBox={`0 0 ${Math.max(1, line.length) * STEP} 16`}
      preserveAspectRatio="none"
      className="h-4 w-full min-w-24"
    >
      {line.map((health, index) =>
        health === null ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a minute is known by its place
            key={index}
            x={index * STEP}
            y={16 - HEIGHTS[health]}
            width={STEP - 0.75}
            height={HEIGHTS[health]}
            fill={HEALTH_LOOKS[health].colour}
          />
        ),
      )}
    </svg>
  );
}
