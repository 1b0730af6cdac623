"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { flowHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ComparedSystemDto, ComparisonDto } from "#server/contract/scenario-comparison.ts";
import { longestTimes } from "./comparison-stories.ts";
import { OrderOutcomes } from "./order-outcomes.tsx";

type Phase = ComparedSystemDto["phases"][number];
type Percentiles = Phase["figures"]["answerMs"];

const HEAD = "px-2 py-1 text-left align-bottom font-medium text-2xs text-ink-muted";
/** A cell of the table where it has room, else one line of a block. */
const CELL =
  "px-2 py-1.5 align-top tabular-nums @max-3xl:flex @max-3xl:justify-between @max-3xl:gap-3 @max-3xl:py-0.5";

/** One group of rows for each system, one row for each phase of its window. */
export function ComparisonTable({ comparison }: { comparison: ComparisonDto }) {
  const t = useTranslations("scenarios.comparison");
  const longest = longestTimes(comparison);
  return (
    <div className="@container rounded-lg border border-line">
      <table aria-label={t("figures")} className="w-full border-collapse text-sm @max-3xl:block">
        <thead className="@max-3xl:sr-only">
          <tr>
            <td className={HEAD} rowSpan={2} />
            <th className={HEAD} rowSpan={2} scope="col">
              {t("orders")}
            </th>
            <th className={classNames(HEAD, "border-line border-b")} colSpan={2} scope="colgroup">
              {t("answer")}
            </th>
            <th className={classNames(HEAD, "border-line border-b")} colSpan={2} scope="colgroup">
              {t("done")}
            </th>
            <th className={HEAD} rowSpan={2} scope="col">
              {t("outcomes")}
            </th>
            <th className={HEAD} rowSpan={2} scope="col">
              {t("halfDone")}
            </th>
          </tr>
          <tr>
            {["answer", "done"].map((measure) =>
              (["p50", "p95"] as const).map((percentile) => (
                <th key={`${measure}/${percentile}`} className={HEAD} scope="col">
                  {t(percentile)}
                </th>
              )),
            )}
          </tr>
        </thead>
        {comparison.systems.map((system) => (
          <SystemRows key={system.name} system={system} minutes={comparison.minutes} longest={longest} />
        ))}
      </table>
    </div>
  );
}

type SystemRowsProps = {
  system: ComparedSystemDto;
  minutes: number;
  longest: { answerMs: number; doneMs: number };
};

function SystemRows({ system, minutes, longest }: SystemRowsProps) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const { name, runningSince, rate, phases, story, isCapped } = system;
  const isOn = runningSince !== null;
  const title = t(`systems.${name}.title`);
  const newest = phases.findLast(({ figures }) => figures.lastFailed !== null)?.figures.lastFailed ?? null;
  const nameOf = (kind: Phase["kind"]) => {
    if (kind !== "during" || story === null) {
      return t(`comparison.phases.${kind}`, { duration: format.duration(minutes * 60_000), title: "" });
    }
    const { preset, service } = story;
    if (preset === null) return t("comparison.phases.disturbed", { service });
    return t("comparison.phases.during", { title: t(`presets.${preset}.title`) });
  };
  return (
    <tbody aria-label={title} className="border-line border-t @max-3xl:block">
      <tr className="@max-3xl:block">
        <th colSpan={8} scope="rowgroup" className="bg-sunken px-2 py-1.5 text-left @max-3xl:block">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Link href={`/scenarios?scenario=${name}`} className="font-medium text-accent hover:underline">
              {title}
            </Link>
            <Badge tone={isOn ? "ok" : "neutral"}>{t(isOn ? "states.on" : "states.off")}</Badge>
            <span className="font-normal text-ink-muted text-xs">
              {isOn ? t("perSecond", { rate: format.number(rate) }) : null}
            </span>
            {isCapped ? <Badge tone="warn">{t("comparison.capped")}</Badge> : null}
            {newest === null ? null : (
              <Link
                href={flowHref(newest)}
                className="ml-auto font-normal text-accent text-xs hover:underline"
              >
                {t("comparison.lastFailed")}
              </Link>
            )}
          </span>
        </th>
      </tr>
      {phases.map((phase) => (
        <PhaseRow key={phase.kind} phase={phase} longest={longest} name={nameOf(phase.kind)} />
      ))}
    </tbody>
  );
}

type PhaseRowProps = { name: string; phase: Phase; longest: SystemRowsProps["longest"] };

function PhaseRow({ name, phase: { kind, figures }, longest }: PhaseRowProps) {
  const t = useTranslations("scenarios.comparison");
  const format = useFormat();
  const { orders, answerMs, doneMs, halfDone } = figures;
  const times = [
    { group: t("answer"), percentile: "p50", value: answerMs, longest: longest.answerMs },
    { group: t("answer"), percentile: "p95", value: answerMs, longest: longest.answerMs },
    { group: t("done"), percentile: "p50", value: doneMs, longest: longest.doneMs },
    { group: t("done"), percentile: "p95", value: doneMs, longest: longest.doneMs },
  ] as const;
  return (
    <tr
      className={classNames(
        "border-line border-t @max-3xl:block @max-3xl:py-1.5",
        kind === "during" && "bg-danger-soft",
      )}
    >
      <th
        scope="row"
        className="px-2 py-1.5 text-left align-top font-normal @max-3xl:block @max-3xl:font-medium"
      >
        {name}
      </th>
      {orders === 0 ? (
        <td colSpan={7} className={classNames(CELL, "text-ink-muted")}>
          {t("noOrders")}
        </td>
      ) : (
        <>
          <td className={CELL}>
            <CellName>{t("orders")}</CellName>
            {format.number(orders)}
          </td>
          {times.map((time) => (
            <td key={`${time.group}/${time.percentile}`} className={CELL}>
              <CellName>{`${time.group}, ${t(time.percentile)}`}</CellName>
              <Time value={time.value} percentile={time.percentile} longest={time.longest} />
            </td>
          ))}
          <td className={CELL}>
            <CellName>{t("outcomes")}</CellName>
            <OrderOutcomes figures={figures} />
          </td>
          <td className={CELL}>
            <CellName>{t("halfDone")}</CellName>
            <span className={halfDone > 0 ? "font-medium text-danger-ink" : undefined}>
              {format.number(halfDone)}
            </span>
          </td>
        </>
      )}
    </tr>
  );
}

/** What a number is, where no column says it. */
function CellName({ children }: { children: React.ReactNode }) {
  return <span className="text-ink-muted text-xs @3xl:hidden">{children}</span>;
}

type TimeProps = { value: Percentiles; percentile: "p50" | "p95"; longest: number };

function Time({ value, percentile, longest }: TimeProps) {
  const format = useFormat();
  if (value === null) return <span className="text-ink-muted">–</span>;
  const ms = value[percentile];
  const share = longest === 0 ? 0 : Math.min(1, ms / longest);
  return (
    <span className="flex min-w-14 flex-col gap-1 @max-3xl:items-end">
      <span className="whitespace-nowrap">{format.duration(ms)}</span>
      <span aria-hidden className="h-1 rounded-full bg-pressed @max-3xl:hidden">
        <span
          className="block h-1 rounded-full bg-accent"
          style={{ width: `${Math.max(2, share * 100)}%` }}
        />
      </span>
    </span>
  );
}
