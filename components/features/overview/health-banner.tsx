"use client";

import { useTranslations } from "next-intl";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { OverviewDto } from "#server/contract/overview.ts";
import type { Health } from "#server/domain/overview/health.ts";
import { HEALTH_LOOKS } from "./health-look.ts";
import { writeSince } from "./since.ts";

const TINTS: Record<Health, string> = {
  unknown: "border-line bg-surface",
  ok: "border-ok bg-ok-soft",
  degraded: "border-warn bg-warn-soft",
  failing: "border-danger bg-danger-soft",
};

/** Whether everything is all right, in one line that can be read from across the room. */
export function HealthBanner({ overview }: { overview: OverviewDto }) {
  const t = useTranslations("overview");
  const format = useFormat();
  const now = useNow();
  const { health, since, problems, moreProblems, asOf } = overview;
  const { icon: Icon, ink } = HEALTH_LOOKS[health];
  const failing = problems.filter((problem) => problem.health === "failing").length;
  const total = problems.length + moreProblems;
  return (
    <section
      role="status"
      className={classNames("flex items-center gap-3 rounded-lg border px-4 py-3", TINTS[health])}
    >
      <Icon aria-hidden className={classNames("size-6 shrink-0", ink)} />
      <div className="min-w-0">
        <p className="font-semibold text-lg">{t(`banner.${health}`, { problems: total, failing })}</p>
        <p className="text-ink-muted text-xs">
          {since === null ? null : (
            <span title={writeSince(since, format).whole}>
              {t("banner.since", {
                time: writeSince(since, format).clock,
                ago: format.relative(since, now),
              })}{" "}
            </span>
          )}
          {t("banner.ingest", {
            rate: format.number(Math.round(asOf.ingestPerSecond)),
            lag: format.duration(asOf.ingestLagMs),
          })}
        </p>
      </div>
    </section>
  );
}
