"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { fromWallClock, toWallClock } from "./local-moment.ts";
import { isOrdered, resolveTimeRange, type TimeRange } from "./time-range.ts";

type AbsoluteRangeFormProps = { range: TimeRange; onApply: (range: TimeRange) => void };

/** Two ends of a window, as the reader's clocks show them. Either may stay empty. */
export function AbsoluteRangeForm({ range, onApply }: AbsoluteRangeFormProps) {
  const t = useTranslations("timeRange");
  const { timeZone } = useFormat();
  const [ends, setEnds] = useState(() => {
    const { from, to } = resolveTimeRange(range, Date.now());
    const write = (at: string | null) => (at === null ? "" : toWallClock(at, timeZone));
    return { from: write(from), to: write(to) };
  });
  const [error, setError] = useState<"orderError" | "emptyError" | null>(null);

  const apply = (event: FormEvent) => {
    event.preventDefault();
    const from = fromWallClock(ends.from, timeZone);
    const to = fromWallClock(ends.to, timeZone);
    if (from === null && to === null) return setError("emptyError");
    if (!isOrdered(from, to)) return setError("orderError");
    onApply({ kind: "absolute", from, to });
  };

  return (
    <form onSubmit={apply} noValidate className="flex w-56 flex-col gap-2 border-line sm:border-l sm:pl-4">
      <div className="font-medium text-2xs text-ink-faint">{t("absolute")}</div>
      <Field label={t("from")}>
        {(ids) => (
          <Input
            {...ids}
            type="datetime-local"
            step={1}
            value={ends.from}
            onChange={(event) => setEnds({ ...ends, from: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={t("to")}
        hint={t("zone", { zone: timeZone })}
        error={error === null ? undefined : t(error)}
      >
        {(ids) => (
          <Input
            {...ids}
            type="datetime-local"
            step={1}
            value={ends.to}
            onChange={(event) => setEnds({ ...ends, to: event.target.value })}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" className="mt-1 self-end">
        {t("apply")}
      </Button>
    </form>
  );
}
