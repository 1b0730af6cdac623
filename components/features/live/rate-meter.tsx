"use client";

import { useTranslations } from "next-intl";
import { RATE_SECONDS, type RateWindow } from "#components/live/rate-window.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { useNow } from "#components/ui/use-now.ts";

const BAR = 2;
const HEIGHT = 18;

/** How many events match a second, now and over the last minute. */
export function RateMeter({ rate }: { rate: RateWindow }) {
  const t = useTranslations("live.rate");
  const format = useFormat();
  const now = useNow();
  const series = rate.series(now);
  const peak = Math.max(...series);
  const perSecond = rate.perSecond(now);
  const shown = format.number(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond));
  return (
    <Tooltip content={t("hint", { peak: format.number(peak) })}>
      <span className="flex items-center gap-2">
        <svg
          aria-hidden
          width={RATE_SECONDS * BAR}
          height={HEIGHT}
          className="hidden border-line border-b text-accent sm:block"
        >
          {series.map((count, index) => {
            const height = count === 0 ? 0 : Math.max(1, (count / peak) * (HEIGHT - 1));
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: the bars have fixed places
                key={index}
                x={index * BAR}
                y={HEIGHT - height}
                width={BAR - 0.5}
                height={height}
                fill="currentColor"
              />
            );
          })}
        </svg>
        <span className="min-w-14 text-right">{t("perSecond", { rate: shown })}</span>
      </span>
    </Tooltip>
  );
}
