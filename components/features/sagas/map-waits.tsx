"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { readStepName } from "#components/lib/step-name.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { sagasAtStepHref } from "./list-view.ts";
import type { MapStepDto } from "./map-graph.ts";

/** How many sagas are at a step now, as links to them. */
export function StepWaits({ step, type }: { step: MapStepDto; type: string }) {
  const t = useTranslations("sagas.map");
  const format = useFormat();
  const { key, waiting, stuck } = step;
  return (
    <>
      {stuck > 0 ? (
        <WaitLink href={sagasAtStepHref({ type, step: key, isStuck: true })} isAlarming>
          {t("stuckHere", { number: format.compact(stuck) })}
        </WaitLink>
      ) : null}
      {waiting > 0 ? (
        <WaitLink href={sagasAtStepHref({ type, step: key, isStuck: false })}>
          {t("waitHere", { number: format.compact(waiting) })}
        </WaitLink>
      ) : null}
    </>
  );
}

/**
 * Steps at which sagas wait, and that the picture has no place for. Over it, so that it stays where it is: beside its
 * beginning, or on a phone, where it is as wide as the screen, below its end.
 */
export function WaitsApart({ steps, type }: { steps: readonly MapStepDto[]; type: string }) {
  const t = useTranslations("sagas.map");
  if (steps.length === 0) return null;
  return (
    <section
      aria-label={t("apart")}
      className="absolute left-2 z-10 flex max-h-[40%] max-w-[min(20rem,calc(100%-1rem))] flex-col gap-1 overflow-y-auto rounded-md border border-line bg-surface px-2.5 py-1.5 text-xs max-md:bottom-2 md:top-2"
    >
      <h2 title={t("apartHint")} className="text-2xs text-ink-muted max-md:sr-only">
        {t("apart")}
      </h2>
      <ul className="flex flex-col gap-1">
        {steps.map((step) => {
          const { title, detail } = readStepName(step);
          return (
            <li key={step.key} className="flex items-center gap-1">
              <span title={detail ?? title} className="min-w-0 flex-1 truncate">
                {title}
                {detail === null ? null : <span className="text-ink-muted"> · {detail}</span>}
              </span>
              <StepWaits step={step} type={type} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type WaitLinkProps = { href: string; isAlarming?: boolean; children: string };

function WaitLink({ href, isAlarming = false, children }: WaitLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={classNames(
        "nodrag nopan shrink-0 rounded-sm px-1 text-2xs hover:underline",
        isAlarming ? "bg-danger-soft text-danger-ink" : "bg-pressed text-ink-muted",
      )}
    >
      {children}
    </Link>
  );
}
