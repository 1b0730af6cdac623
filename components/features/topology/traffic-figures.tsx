"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRate } from "#components/lib/use-rate.ts";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TrafficDto } from "#server/contract/topology.ts";

type TrafficFiguresProps = {
  traffic: TrafficDto;
  /** What is counted. */
  counts: "events" | "attempts";
  relativeError: number;
  /** Where the dead letters are listed. */
  deadHref?: string | undefined;
};

/** How much, how well and how fast, in the window. */
export function TrafficFigures({ traffic, counts, relativeError, deadHref }: TrafficFiguresProps) {
  const t = useTranslations("topology.figures");
  const format = useFormat();
  const rate = useRate();
  const ms = (value: number | null) => (value === null ? "–" : format.duration(value));
  const { count, perSecond, failed, failureRate, retried, dead, p50Ms, p95Ms, lastSeenAt } = traffic;
  const about = t("about", { error: format.percent(relativeError) });
  return (
    <FigureList>
      <Figure label={t(counts)}>{format.number(count)}</Figure>
      <Figure label={t("rate")}>{rate(perSecond)}</Figure>
      <Figure label={t("failed")} isAlarming={failed > 0}>
        {failureRate === null
          ? format.number(failed)
          : t("share", { count: format.number(failed), share: format.percent(failureRate) })}
      </Figure>
      <Figure label={t("retried")}>{format.number(retried)}</Figure>
      <Figure label={t("dead")} isAlarming={dead > 0}>
        {dead === 0 || deadHref === undefined ? (
          format.number(dead)
        ) : (
          <Link href={deadHref} prefetch={false} className="underline">
            {format.number(dead)}
          </Link>
        )}
      </Figure>
      <Figure label={t("p50")} title={about}>
        {ms(p50Ms)}
      </Figure>
      <Figure label={t("p95")} title={about}>
        {ms(p95Ms)}
      </Figure>
      <Figure label={t("lastSeen")}>{lastSeenAt === null ? "–" : format.clock(lastSeenAt)}</Figure>
    </FigureList>
  );
}
