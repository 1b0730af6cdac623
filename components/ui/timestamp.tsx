"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { classNames } from "./class-names.ts";
import { type Format, type Moment, useFormat } from "./format-context.tsx";
import { TOOLTIP_DELAY_MS, Tooltip } from "./tooltip.tsx";
import { useNow } from "./use-now.ts";

/** From this difference on, it is said how far the two clocks are apart. */
const SKEW_MS = 1000;

type TimestampProps = {
  /** Our clock: when it was recorded. */
  at: Moment;
  /** The other clock: when the sender says it happened. Null when it does not say. */
  happenedAt?: Moment | null;
  /** `time` for rows of one day, `dateTime` in full, `relative` for how long ago. */
  shape?: "time" | "minute" | "dateTime" | "relative";
  className?: string;
};

/** A moment; hovering over it shows both clocks in full, and by how much they differ. */
export function Timestamp({ at, happenedAt, shape = "time", className }: TimestampProps) {
  const format = useFormat();
  const { isShown, hide, ...handlers } = useRest();
  const ms = toMs(at);
  const time = (
    <time
      {...(!Number.isNaN(ms) && { dateTime: new Date(ms).toISOString() })}
      {...(!isShown && handlers)}
      suppressHydrationWarning
      className={classNames("whitespace-nowrap", className)}
    >
      {shape === "relative" ? <Ago at={at} /> : format[shape](at)}
    </time>
  );
  if (!isShown) return time;
  return (
    <Tooltip
      startsOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) hide();
      }}
      content={<BothClocks at={at} happenedAt={happenedAt} format={format} />}
    >
      {time}
    </Tooltip>
  );
}

/** A table has hundreds of moments: a tooltip is mounted only for the one on which the pointer rests. */
function useRest() {
  const [isShown, setIsShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    isShown,
    hide: () => setIsShown(false),
    onPointerEnter: () => {
      timer.current = setTimeout(() => setIsShown(true), TOOLTIP_DELAY_MS);
    },
    onPointerLeave: () => clearTimeout(timer.current),
  };
}

function Ago({ at }: { at: Moment }) {
  const format = useFormat();
  return <span suppressHydrationWarning>{format.relative(at, useNow())}</span>;
}

type BothClocksProps = { at: Moment; happenedAt: Moment | null | undefined; format: Format };

function BothClocks({ at, happenedAt, format }: BothClocksProps) {
  const t = useTranslations("common");
  const skew =
    happenedAt === undefined || happenedAt === null ? 0 : Date.parse(String(happenedAt)) - toMs(at);
  return (
    <span className="grid grid-cols-[auto_auto] gap-x-3 gap-y-0.5 py-0.5">
      <span className="text-ink-muted">{t("recordedAt")}</span>
      <span className="whitespace-nowrap font-mono">{format.dateTime(at)}</span>
      {happenedAt === undefined ? null : (
        <>
          <span className="text-ink-muted">{t("happenedAt")}</span>
          <span className="whitespace-nowrap font-mono">
            {happenedAt === null ? t("noTime") : format.dateTime(happenedAt)}
          </span>
        </>
      )}
      {Math.abs(skew) >= SKEW_MS ? (
        <span className="col-span-2 text-warn-ink">
          {t("clockSkew", {
            duration: format.duration(Math.abs(skew)),
            direction: skew > 0 ? "ahead" : "behind",
          })}
        </span>
      ) : null}
    </span>
  );
}

const toMs = (at: Moment) => (typeof at === "number" ? at : Date.parse(at));
