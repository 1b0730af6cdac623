"use client";

import { FlaskConical, Info, OctagonX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { caseHref } from "#components/shell/destinations.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { OutcomeBar } from "./outcome-bar.tsx";
import { OutcomeLegend } from "./outcome-legend.tsx";

/** How far a replay is: the bar and what it is made of, how fast it goes, and what it waits for or stopped at. */
export function ReplayProgress({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays");
  const format = useFormat();
  const { totals, status, startedAt, endedAt } = replay;
  return (
    <section aria-label={t("progress")} className="flex flex-col gap-3 px-3 py-4 md:px-4">
      <p className="font-medium">{t("endedOf", { ended: totals.ended, total: totals.itemCount })}</p>
      <OutcomeBar replay={replay} />
      <OutcomeLegend replay={replay} />
      <ReplayPhase replay={replay} />
      <FigureList className="max-w-3xl">
        {status === "running" ? (
          <>
            <Figure label={t("figures.rate")} title={t("figures.rateHint")}>
              {replay.ratePerSecond === null ? "–" : t("perSecond", { rate: rounded(replay.ratePerSecond) })}
            </Figure>
            <Figure label={t("figures.remaining")}>
              {replay.remainingSeconds === null
                ? t("plan.unknownTime")
                : t("plan.about", {
                    duration: format.duration(Math.max(1, Math.round(replay.remainingSeconds)) * 1000),
                  })}
            </Figure>
          </>
        ) : null}
        <Figure label={t("figures.started")}>
          {startedAt === null ? t("notYet") : <Timestamp at={startedAt} shape="relative" />}
        </Figure>
        {endedAt === null ? null : (
          <Figure label={t("figures.ended")}>
            <Timestamp at={endedAt} shape="relative" />
          </Figure>
        )}
        {startedAt === null || endedAt === null ? null : (
          <Figure label={t("figures.took")}>
            {format.duration(Date.parse(endedAt) - Date.parse(startedAt))}
          </Figure>
        )}
      </FigureList>
    </section>
  );
}

/** Below ten a second the decimals matter. */
function rounded(rate: number): number {
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
}

/** What the replay does just now, what it waits for, or why it stands. There is always one, so that nothing moves. */
function ReplayPhase({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays.phase");
  const hints = useTranslations("replays.statusHints");
  const format = useFormat();
  const { status, stopped, isCanary, totals, options, heldBack } = replay;
  if (stopped !== null) {
    const { failed, ended, case: caseId } = stopped;
    return (
      <Phase icon={<OctagonX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-ink" />} isAlarming>
        <p className="font-medium">{t(caseId === null ? "stoppedUnknown" : "stopped", { failed, ended })}</p>
        {caseId === null ? null : (
          <Link href={caseHref(caseId)} prefetch={false} className="w-fit text-accent hover:underline">
            {t("openCase", { id: caseId })}
          </Link>
        )}
        <p className="text-ink-muted">
          {options.stop === null ? null : t("threshold", { share: format.percent(options.stop.share) })}{" "}
          {t("stoppedLeft", { left: totals.left })}
        </p>
      </Phase>
    );
  }
  if (isCanary && (status === "running" || status === "paused")) {
    const size = Math.min(options.canary, totals.itemCount);
    return (
      <Phase icon={<FlaskConical aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />}>
        <p>
          {t("canary", {
            tried: Math.min(size, totals.itemCount - totals.left),
            size,
            waiting: totals.inFlight,
          })}
        </p>
      </Phase>
    );
  }
  const held = heldBack > 0 ? heldWords(status) : null;
  return (
    <Phase icon={<Info aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-muted" />}>
      <p>{held === null ? hints(status) : t(held, { count: heldBack })}</p>
    </Phase>
  );
}

/** Items that wait for their key mean one thing while others go on, and another at the end. */
function heldWords(status: ReplayDto["status"]) {
  if (status === "running") return "held" as const;
  return status === "finished" ? ("heldToTheEnd" as const) : null;
}

type PhaseProps = { icon: ReactNode; isAlarming?: boolean; children: ReactNode };

function Phase({ icon, isAlarming = false, children }: PhaseProps) {
  return (
    <div
      role="status"
      className={classNames(
        "flex max-w-3xl gap-2 rounded-md border p-2.5 text-sm",
        isAlarming ? "border-danger bg-danger-soft" : "border-line-strong bg-sunken",
      )}
    >
      {icon}
      <div className="flex min-w-0 flex-col gap-0.5">{children}</div>
    </div>
  );
}
