"use client";

import { TrendingDown, TrendingUp } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Sparkline } from "#components/ui/chart/sparkline.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { FigureDto } from "#server/contract/overview.ts";
import { definitionOf } from "#server/domain/metrics/catalogue.ts";

/** Less than that is no change worth a look. */
const WORTH_SAYING = 0.01;

/** The last hour in figures, beside the same hour a day and a week ago. */
export function FigureTiles({ figures }: { figures: readonly FigureDto[] }) {
  const t = useTranslations("overview.figures");
  return (
    <section aria-label={t("title")}>
      <h2 className="pb-1.5 font-medium text-ink-muted text-xs">{t("title")}</h2>
      <ul className="grid grid-cols-2 gap-2 md:grid-cols-3 xl:grid-cols-6">
        {figures.map((figure) => (
          <li key={figure.metric} className="min-w-0">
            <Tile figure={figure} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tile({ figure }: { figure: FigureDto }) {
  const t = useTranslations("overview.figures");
  const metrics = useTranslations("metrics");
  const write = useWrite(figure);
  const isPercentile = definitionOf(figure.metric).kind === "histogram";
  return (
    <Link
      href={figure.href}
      prefetch={false}
      className="flex flex-col gap-1 rounded-lg border border-line bg-surface px-3 py-2 hover:bg-hover"
    >
      <span className="truncate text-ink-muted text-xs">
        {metrics(`names.${figure.metric}`)}
        {isPercentile ? ` · ${metrics(`stats.${figure.stat}`)}` : ""}
      </span>
      <span className="truncate font-semibold text-xl tabular-nums">{write(figure.now)}</span>
      <Sparkline values={figure.line} />
      <span className="flex flex-col text-2xs text-ink-muted">
        <Change than={t("dayAgo")} now={figure.now} before={figure.dayAgo} />
        <Change than={t("weekAgo")} now={figure.now} before={figure.weekAgo} />
      </span>
    </Link>
  );
}

type ChangeProps = { than: string; now: number | null; before: number | null };

function Change({ than, now, before }: ChangeProps) {
  const t = useTranslations("overview.figures");
  const format = useFormat();
  if (now === null || before === null)
    return <span className="truncate text-ink-faint">{t("unknown", { than })}</span>;
  if (before === 0) return <span className="truncate">{t(now === 0 ? "same" : "fromZero", { than })}</span>;
  const share = (now - before) / before;
  if (Math.abs(share) < WORTH_SAYING) return <span className="truncate">{t("same", { than })}</span>;
  const Icon = share > 0 ? TrendingUp : TrendingDown;
  return (
    <span className="flex items-center gap-1">
      <Icon aria-hidden className="size-3 shrink-0" />
      <span className="truncate">
        {t(share > 0 ? "more" : "less", { share: format.percent(Math.abs(share)), than })}
      </span>
    </span>
  );
}

/** Writes the figure of an hour in the unit of its metric. */
function useWrite({ metric }: FigureDto) {
  const format = useFormat();
  const { unit } = definitionOf(metric);
  return (value: number | null) => {
    if (value === null) return "–";
    if (unit === "ratio") return format.percent(value);
    if (unit === "seconds") return format.duration(value * 1000);
    return value >= 100_000 ? format.compact(value) : format.number(Math.round(value));
  };
}
