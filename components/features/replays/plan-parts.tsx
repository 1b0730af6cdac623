"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { caseHref, consumerHref } from "#components/shell/destinations.ts";
import { Badge, type Tone } from "#components/ui/badge.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ReplayPlanDto } from "#server/contract/replays.ts";

const MAX_CASES = 20;
const CELL = "py-1 pr-4 align-baseline";
const NUMBER = "py-1 pr-4 text-right tabular-nums align-baseline";

/** Of whom the items are: their consumers and how these fare, and the failure cases. */
export function PlanParts({ plan: { consumers, cases } }: { plan: ReplayPlanDto }) {
  const t = useTranslations("replays.plan.parts");
  const format = useFormat();
  return (
    <div className="flex flex-wrap gap-x-10 gap-y-4 border-line border-t px-3 py-3 md:px-4">
      <Part label={t("consumers")} heads={[t("consumer"), t("items"), t("failing"), t("state")]}>
        {consumers.map(({ consumer, items, failureRate, state }) => (
          <tr key={consumer}>
            <td className={CELL}>
              <Link
                href={consumerHref(consumer)}
                prefetch={false}
                className="wrap-anywhere font-medium hover:underline"
              >
                {consumer}
              </Link>
            </td>
            <td className={NUMBER}>{format.number(items)}</td>
            <td className={NUMBER}>
              {failureRate === null ? <span className="text-ink-faint">–</span> : format.percent(failureRate)}
            </td>
            <td className={CELL}>
              <Badge tone={STATE_TONES[state]}>{t(`states.${state}`)}</Badge>
            </td>
          </tr>
        ))}
      </Part>
      {cases.length === 0 ? null : (
        <Part label={t("cases")} heads={[t("case"), t("items")]}>
          {cases.slice(0, MAX_CASES).map(({ case: id, items }) => (
            <tr key={id}>
              <td className={CELL}>
                <Link href={caseHref(id)} prefetch={false} className="font-medium hover:underline">
                  {t("caseNumber", { id })}
                </Link>
              </td>
              <td className={NUMBER}>{format.number(items)}</td>
            </tr>
          ))}
          {cases.length > MAX_CASES ? (
            <tr>
              <td colSpan={2} className="py-1 text-ink-muted">
                {t("moreCases", { count: cases.length - MAX_CASES })}
              </td>
            </tr>
          ) : null}
        </Part>
      )}
    </div>
  );
}

const STATE_TONES: Record<ReplayPlanDto["consumers"][number]["state"], Tone> = {
  active: "ok",
  paused: "warn",
  external: "info",
  ended: "neutral",
};

type PartProps = { label: string; heads: readonly string[]; children: ReactNode };

/** A small table. The first column names what the others count. */
function Part({ label, heads, children }: PartProps) {
  return (
    <div className="min-w-0 max-w-full overflow-x-auto">
      <table aria-label={label} className="text-sm">
        <thead>
          <tr className="text-2xs text-ink-muted">
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={
                  index === 0 || index === 3 ? "pr-4 text-left font-normal" : "pr-4 text-right font-normal"
                }
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
