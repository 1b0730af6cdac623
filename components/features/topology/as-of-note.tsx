"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TopologyDto, VerdictsDto } from "#server/contract/topology.ts";

type AsOfNoteProps = Pick<TopologyDto, "window" | "asOf"> & { flows: VerdictsDto["flows"] | undefined };

/** Which window the numbers are of, up to when, and how many flows the verdict rests on. */
export function AsOfNote({ window, asOf, flows }: AsOfNoteProps) {
  const t = useTranslations("topology.asOf");
  const format = useFormat();
  return (
    <p className="shrink-0 truncate border-line border-t bg-surface px-3 py-0.5 text-2xs text-ink-muted tabular-nums">
      {t("window", { from: format.minute(window.from), to: format.minute(window.to) })}{" "}
      {asOf === null ? null : t("counted", { time: format.clock(asOf) })}{" "}
      {flows === undefined
        ? null
        : t("flows", { seen: format.number(flows.seen), examined: format.number(flows.examined) })}
    </p>
  );
}
