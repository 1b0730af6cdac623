"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { OverviewDto, ProblemStandingDto } from "#server/contract/overview.ts";
import { HEALTH_LOOKS } from "./health-look.ts";
import { writeSince } from "./since.ts";
import { useProblemWords } from "./use-problem-words.ts";

/** What is wrong, the most harmful first, each a link to its evidence. */
export function ProblemList({ problems, moreProblems }: Pick<OverviewDto, "problems" | "moreProblems">) {
  const t = useTranslations("overview.problems");
  if (problems.length === 0) return null;
  return (
    <section aria-label={t("title")}>
      <ol className="divide-y divide-line rounded-lg border border-line bg-surface">
        {problems.map((problem) => (
          <li key={problem.id}>
            <Problem problem={problem} />
          </li>
        ))}
      </ol>
      {moreProblems === 0 ? null : (
        <p className="pt-1 text-ink-muted text-xs">{t("more", { count: moreProblems })}</p>
      )}
    </section>
  );
}

function Problem({ problem }: { problem: ProblemStandingDto }) {
  const t = useTranslations("overview.problems");
  const format = useFormat();
  const now = useNow();
  const { sentence, usual } = useProblemWords()(problem);
  const { icon: Icon, ink } = HEALTH_LOOKS[problem.health];
  const { since, services, affected, href } = problem;
  return (
    <Link
      href={href}
      prefetch={false}
      className="group flex items-start gap-3 px-3 py-2.5 -outline-offset-2 hover:bg-hover"
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="font-medium">
          <span className="sr-only">{t(`healths.${problem.health}`)}</span> {sentence}
        </span>
        <span className="flex flex-wrap gap-x-3 gap-y-0.5 text-ink-muted text-xs">
          {since === null ? null : (
            <span title={writeSince(since, format).whole}>
              {t("since", { time: writeSince(since, format).clock, ago: format.relative(since, now) })}
            </span>
          )}
          {usual === null ? null : <span>{usual}</span>}
          {affected === null || affected === 0 ? null : <span>{t("affected", { count: affected })}</span>}
          {services.length === 0 ? null : (
            <span className="min-w-0 truncate">{t("services", { names: services.join(", ") })}</span>
          )}
        </span>
      </span>
      <ChevronRight aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint group-hover:text-ink" />
    </Link>
  );
}
