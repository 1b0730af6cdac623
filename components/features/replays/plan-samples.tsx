"use client";

import { ChevronRight, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { letterHref } from "#components/shell/destinations.ts";
import { classNames } from "#components/ui/class-names.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { formatJson } from "#components/ui/json-format.ts";
import type { ReplayPlanDto } from "#server/contract/replays.ts";

type Sample = ReplayPlanDto["samples"][number];

type PlanSamplesProps = { plan: ReplayPlanDto; isEdited: boolean; className?: string };

/** A few of the items, with what an edit makes of their payloads. */
export function PlanSamples({ plan: { samples, consumers }, isEdited, className }: PlanSamplesProps) {
  const t = useTranslations("replays.plan.samples");
  // Also those that the edit leaves out: the samples are of all.
  const total = consumers.reduce((sum, { items }) => sum + items, 0);
  return (
    <section
      aria-labelledby="replay-samples"
      className={classNames("min-w-0 border-line border-t bg-surface px-3 py-3 md:px-4", className)}
    >
      <h2 id="replay-samples" className="mb-2 font-medium text-sm">
        {t(isEdited ? "edited" : "title", { count: samples.length, total })}
      </h2>
      <ul className="flex flex-col gap-2">
        {samples.map((sample) => (
          <SampleItem key={`${sample.position} ${sample.consumer}`} sample={sample} isOpen={isEdited} />
        ))}
      </ul>
    </section>
  );
}

function SampleItem({ sample, isOpen }: { sample: Sample; isOpen: boolean }) {
  const t = useTranslations("replays.plan.samples");
  const { position, consumer, before, after, problem, violations } = sample;
  return (
    <li className="min-w-0 overflow-hidden rounded-md border border-line">
      <details className="group" key={String(isOpen)} open={isOpen}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 bg-sunken px-3 py-1.5 text-xs hover:bg-hover">
          <ChevronRight aria-hidden className="-mr-1 size-3.5 text-ink-faint group-open:rotate-90" />
          <span className="font-mono">{position}</span>
          <span className="text-ink-muted">{consumer}</span>
          {problem === null && violations.length === 0 ? null : (
            <span className="inline-flex items-center gap-1 text-danger-ink">
              <TriangleAlert aria-hidden className="size-3.5" />
              {t(problem === null ? "violates" : "fails")}
            </span>
          )}
        </summary>
        <div className="flex max-h-96 flex-col overflow-auto border-line border-t">
          {problem === null ? null : (
            <p className="wrap-anywhere px-3 py-2 text-danger-ink text-xs">{problem}</p>
          )}
          {violations.length === 0 ? null : (
            <ul className="flex flex-col gap-0.5 px-3 py-2 text-xs">
              {violations.map(({ path, reason }) => (
                <li key={`${path} ${reason}`} className="wrap-anywhere">
                  {path === "" ? t("wholePayload") : <code className="font-mono">{path}</code>} {reason}
                </li>
              ))}
            </ul>
          )}
          {after === null ? (
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
              tabIndex={0}
              className="whitespace-pre-wrap break-words px-3 py-2 font-mono text-xs -outline-offset-2"
            >
              {formatJson(before).text}
            </pre>
          ) : (
            <DiffView
              before={formatJson(before).text}
              after={formatJson(after).text}
              label={t("diff", { position })}
              unchanged={t("unchanged")}
            />
          )}
          <Link
            href={letterHref({ position, consumer })}
            prefetch={false}
            className="px-3 py-2 text-accent text-xs hover:underline"
          >
            {t("open")}
          </Link>
        </div>
      </details>
    </li>
  );
}
