"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { lettersHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { CaseDetailDto } from "#server/contract/failure-cases.ts";

/** Whom a case hurts: how many keys and flows, and which keys most. */
export function Affected({ failureCase }: { failureCase: CaseDetailDto }) {
  const t = useTranslations("deadLetters.affected");
  const format = useFormat();
  const { id, affectedKeys, affectedFlows, topKeys, letters } = failureCase;
  if (letters.parked === 0) return <p className="text-ink-muted text-sm">{t("nobody")}</p>;
  const bounded = ({ count, exact }: { count: number; exact: boolean }) =>
    `${format.number(count)}${exact ? "" : "+"}`;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p>
        {t("words", {
          keys: bounded(affectedKeys),
          keyCount: affectedKeys.count,
          flows: bounded(affectedFlows),
          flowCount: affectedFlows.count,
        })}
      </p>
      {topKeys.length === 0 ? null : (
        <ul aria-label={t("topKeys")} className="flex flex-col">
          {topKeys.map(({ key, letters: count }) => (
            <li key={key} className="flex items-center gap-2 border-line border-t py-1">
              <Link
                href={lettersHref({ status: ["parked"], case: [id], key })}
                title={key}
                className="min-w-0 truncate font-mono text-accent text-xs hover:underline"
              >
                {key}
              </Link>
              <span className="ml-auto shrink-0 text-ink-muted text-xs">{t("letters", { count })}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
