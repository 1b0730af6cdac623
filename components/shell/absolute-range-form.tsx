"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { readMoment, toWallClock } from "./local-moment.ts";
import { isOrdered, resolveTimeRange, type TimeRange } from "./time-range.ts";

const EXAMPLE = "2026-01-31 14:03:09";

type End = "from" | "to";
type Problem = { end: End; message: "orderError" | "emptyError" | "formatError" };
type AbsoluteRangeFormProps = { range: TimeRange; onApply: (range: TimeRange) => void };

/** Two ends of a window, typed or pasted. Either may stay empty. */
export function AbsoluteRangeForm({ range, onApply }: AbsoluteRangeFormProps) {
  const t = useTranslations("timeRange");
  const { timeZone } = useFormat();
  const [texts, setTexts] = useState(() => {
    const { from, to } = resolveTimeRange(range, Date.now());
    const write = (at: string | null) => (at === null ? "" : toWallClock(at, timeZone));
    return { from: write(from), to: write(to) };
  });
  const [problem, setProblem] = useState<Problem | null>(null);

  const apply = (event: FormEvent) => {
    event.preventDefault();
    const from = readMoment(texts.from, timeZone);
    const to = readMoment(texts.to, timeZone);
    const found = findProblem(texts, from, to);
    setProblem(found);
    if (found === null) onApply({ kind: "absolute", from, to });
  };

  const field = (end: End, hint?: string) => (
    <Field
      label={t(end)}
      hint={hint}
      error={problem?.end === end ? t(problem.message, { example: EXAMPLE }) : undefined}
    >
      {(ids) => (
        <Input
          {...ids}
          className="w-full font-mono text-xs"
          inputMode="text"
          spellCheck={false}
          autoComplete="off"
          placeholder={end === "to" ? t("openEnd") : t("openStart")}
          value={texts[end]}
          onChange={(event) => setTexts({ ...texts, [end]: event.target.value })}
        />
      )}
    </Field>
  );

  return (
    <form
      onSubmit={apply}
      noValidate
      className="flex w-full flex-col gap-2 border-line sm:w-60 sm:border-l sm:pl-4"
    >
      <div className="font-medium text-2xs text-ink-faint">{t("absolute")}</div>
      {field("from")}
      {field("to", t("zone", { zone: timeZone }))}
      <Button type="submit" variant="primary" className="mt-1 self-end">
        {t("apply")}
      </Button>
    </form>
  );
}

function findProblem(texts: Record<End, string>, from: string | null, to: string | null): Problem | null {
  if (texts.from.trim() !== "" && from === null) return { end: "from", message: "formatError" };
  if (texts.to.trim() !== "" && to === null) return { end: "to", message: "formatError" };
  if (from === null && to === null) return { end: "from", message: "emptyError" };
  if (!isOrdered(from, to)) return { end: "to", message: "orderError" };
  return null;
}
