"use client";

import { useTranslations } from "next-intl";
import { ConnectionBanner, useConnection } from "#components/live/connection.tsx";
import { useFreshness } from "#components/live/freshness.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { useNow } from "#components/ui/use-now.ts";

/** The foot of the console: how it is connected, how fresh the server is, and the clock that times are shown in. */
export function StatusBar() {
  const { state } = useConnection();
  const isBroken = state === "reconnecting" || state === "offline";
  return (
    <footer
      className={classNames(
        "flex min-h-7 shrink-0 items-center gap-3 border-t px-2 text-2xs md:px-4",
        state === "reconnecting" && "border-warn bg-warn-soft text-warn-ink",
        state === "offline" && "border-danger bg-danger-soft text-danger-ink",
        !isBroken && "border-line bg-surface text-ink-faint",
      )}
    >
      <ConnectionBanner />
      {isBroken ? null : <Freshness />}
      {isBroken ? null : <Clock />}
    </footer>
  );
}

/** Events are stored within milliseconds; from here on something is in their way. */
const SLOW_MS = 5_000;

function Freshness() {
  const t = useTranslations("shell.freshness");
  const format = useFormat();
  const freshness = useFreshness();
  if (freshness === null) return null;
  return (
    <Tooltip content={t("hint")} side="top">
      <span className="flex gap-2">
        <span>{t("rate", { rate: format.number(Math.round(freshness.ingestPerSecond)) })}</span>
        <span className={classNames(freshness.ingestLagMs >= SLOW_MS && "font-medium text-warn-ink")}>
          {t("lag", { duration: format.duration(freshness.ingestLagMs) })}
        </span>
      </span>
    </Tooltip>
  );
}

function Clock() {
  const format = useFormat();
  const now = useNow();
  return (
    <span className="ml-auto flex gap-2">
      <span className="max-w-40 truncate">{format.timeZone}</span>
      <time suppressHydrationWarning className="text-ink-muted">
        {format.clock(now)}
      </time>
    </span>
  );
}
