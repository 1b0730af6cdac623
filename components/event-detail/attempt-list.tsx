"use client";

import { CircleCheck, CircleX, Loader, type LucideIcon, TimerOff, Unplug } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { AttemptDto } from "#server/contract/deliveries.ts";
import { readErrorDetails } from "./error-details.ts";

const LOOKS: Record<AttemptDto["outcome"], { icon: LucideIcon; ink: string }> = {
  succeeded: { icon: CircleCheck, ink: "text-ok-ink" },
  failed: { icon: CircleX, ink: "text-danger-ink" },
  "timed-out": { icon: TimerOff, ink: "text-danger-ink" },
  interrupted: { icon: Unplug, ink: "text-warn-ink" },
  running: { icon: Loader, ink: "text-info-ink" },
};

/** The attempts of one delivery, oldest first. What is opened stays open while others arrive. */
export function AttemptList({ attempts }: { attempts: readonly AttemptDto[] }) {
  const t = useTranslations("deliveries");
  return (
    <ol aria-label={t("attemptsLabel")} className="flex flex-col">
      {attempts.map((attempt) => (
        <li
          key={`${attempt.generation}-${attempt.attempt}`}
          className="border-line border-t first:border-t-0"
        >
          <Attempt attempt={attempt} />
        </li>
      ))}
    </ol>
  );
}

function Attempt({ attempt }: { attempt: AttemptDto }) {
  const { error } = attempt;
  if (error === null) {
    return (
      <div className="py-1 pl-4">
        <AttemptLine attempt={attempt} />
      </div>
    );
  }
  return (
    <details className="py-1 [&[open]_.excerpt]:hidden">
      <summary className="cursor-default pl-4 -indent-4 marker:text-ink-faint">
        <AttemptLine attempt={attempt} />
        <span className="excerpt block truncate indent-0 text-ink-muted text-xs">{error.message}</span>
      </summary>
      <AttemptError error={error} />
    </details>
  );
}

function AttemptLine({ attempt }: { attempt: AttemptDto }) {
  const t = useTranslations("deliveries");
  const format = useFormat();
  const { icon: Icon, ink } = LOOKS[attempt.outcome];
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-2 align-top indent-0 text-xs">
      <span className={classNames("inline-flex items-center gap-1 font-medium", ink)}>
        <Icon aria-hidden className="size-3.5" />
        {t(`outcomes.${attempt.outcome}`)}
      </span>
      <span>{t("attempt", { attempt: attempt.attempt })}</span>
      {attempt.startedAt === null ? null : <Timestamp at={attempt.startedAt} className="text-ink-muted" />}
      {attempt.durationMs === null ? null : (
        <span className="text-ink-muted">
          {t("duration", { duration: format.duration(attempt.durationMs) })}
        </span>
      )}
    </span>
  );
}

/** Everything that is known of an error, with what the consumer answered and where it came from. */
function AttemptError({ error }: { error: NonNullable<AttemptDto["error"]> }) {
  const t = useTranslations("deliveries");
  const { code, status, stack, bodyExcerpt, causes } = readErrorDetails(error);
  return (
    <div className="flex flex-col gap-2 pt-1 pb-2 pl-4 text-xs">
      <p className="break-words">
        <span className="font-medium font-mono">{error.name}</span>{" "}
        {code === undefined ? null : <span className="font-mono text-ink-muted">{code} </span>}
        {status === undefined ? null : (
          <span className="text-ink-muted">{t("httpStatus", { status: String(status) })} </span>
        )}
        <span className="block whitespace-pre-wrap">{error.message}</span>
      </p>
      {bodyExcerpt === undefined ? null : (
        <Block label={t("answer")}>
          <Pre>{bodyExcerpt}</Pre>
        </Block>
      )}
      {causes.length === 0 ? null : (
        <Block label={t("causes")}>
          <ul>
            {causes.map((cause) => (
              <li key={`${cause.name} ${cause.message}`} className="break-words">
                <span className="font-mono">{cause.name}</span> {cause.message}
              </li>
            ))}
          </ul>
        </Block>
      )}
      {stack === undefined ? null : (
        <Block label={t("stack")}>
          <Pre>{stack}</Pre>
        </Block>
      )}
    </div>
  );
}

function Block({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <span className="text-2xs text-ink-faint">{label}</span>
      {children}
    </div>
  );
}

function Pre({ children }: { children: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-64 overflow-auto rounded-md border border-line bg-sunken px-2 py-1.5 font-mono text-2xs leading-4"
    >
      {children}
    </pre>
  );
}
