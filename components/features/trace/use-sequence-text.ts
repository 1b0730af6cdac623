"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useFormat } from "#components/ui/format-context.tsx";
import type { DeliveryStatus } from "#server/domain/delivery.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { type Column, endOf, type SequenceRow } from "./sequence-rows.ts";
import type { RowText } from "./write-sequence-svg.ts";

/** What every row of a diagram says: its name, what has to be known about it, and both in one sentence. */
export function useSequenceText(trace: Trace, columns: readonly Column[]): (row: SequenceRow) => RowText {
  const t = useTranslations("sequence");
  const outcome = useTranslations("trace.outcomes");
  const format = useFormat();
  return useMemo(() => {
    const undone = nameUndone(trace);
    const noteOf = (row: SequenceRow): string[] => {
      if (row.kind === "again") return [];
      if (row.kind === "attempt") {
        const took = row.tookUs === null ? [] : [format.duration(row.tookUs / 1000)];
        const error = row.error === null ? [] : [`${row.error.name}: ${row.error.message}`];
        return [outcome(row.outcome), ...took, ...error];
      }
      const { arrow, times } = row;
      const step = arrow.isCompensation ? undone.get(arrow.messages[0] ?? -1) : undefined;
      const notes: string[] = [];
      if (times > 1) notes.push(t(arrow.events.length > 1 ? "sentTimes" : "triedTimes", { count: times }));
      // Once for a message: where it is handled, not also where it goes into its channel.
      if (arrow.isCompensation && arrow.messages.length > 0)
        notes.push(step === undefined ? t("takesSomethingBack") : t("takesBack", { step }));
      if (arrow.isReplayed) notes.push(t("replayed"));
      const end = endOf(row);
      if (end === "owed") notes.push(t(`owed.${owedAs(arrow.status)}`));
      else if (end !== "arrived" && end !== "failed") notes.push(t(`ends.${end}`));
      return notes;
    };
    return (row) => {
      const { arrow, from, to, atUs } = row;
      const label = row.kind === "attempt" ? t("attempt", { number: row.nth }) : arrow.type;
      const notes = noteOf(row);
      const names = { from: columns[from]?.name ?? "", to: to === null ? "" : (columns[to]?.name ?? "") };
      const way = to === null ? t("wayToNobody", names) : t("way", names);
      return {
        label: row.kind === "again" ? t("again", { number: row.nth, type: arrow.type }) : label,
        note: notes.join(" · "),
        title: [label, way, ...notes].join(", "),
        time: `+${format.duration(Math.max(0, atUs - trace.startUs) / 1000)}`,
      };
    };
  }, [trace, columns, t, outcome, format]);
}

function owedAs(status: DeliveryStatus | null): "pending" | "processing" | "retrying" {
  return status === "processing" || status === "retrying" ? status : "pending";
}

/** The name of the step that each message takes back. */
function nameUndone({ steps, compensations }: Trace): ReadonlyMap<number, string> {
  return new Map(
    compensations.flatMap(({ step, undoes }) =>
      (steps[step]?.messages ?? []).map((message): [number, string] => [message, steps[undoes]?.name ?? ""]),
    ),
  );
}
