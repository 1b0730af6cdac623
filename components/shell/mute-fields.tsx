"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { useNow } from "#components/ui/use-now.ts";
import { readMoment, toWallClock } from "./local-moment.ts";
import { MUTE_CHOICES, type MuteChoice, muteEnd, problemOfEnd } from "./mute-end.ts";

/**
 * Until when something is kept out of the way: what was chosen, and the moment that it means; null as long as it is none
 * that a mute can end at. `tell` has the form say so also where nothing was typed yet.
 */
export function useMuteEnd() {
  const format = useFormat();
  const now = useNow();
  const [choice, setChoice] = useState<MuteChoice>("4h");
  const [other, setOther] = useState("");
  const [isTold, setIsTold] = useState(false);
  const { timeZone } = format;
  const moment = muteEnd(choice, other, now, {
    write: (at) => toWallClock(at, timeZone),
    read: (text) => readMoment(text, timeZone),
  });
  const problem = problemOfEnd(moment, now);
  const isShown = isTold || other.trim() !== "";
  return {
    choice,
    setChoice,
    other,
    setOther,
    until: problem === null ? moment : null,
    problem: isShown ? problem : null,
    tell: () => setIsTold(true),
  };
}

type MuteFieldsProps = { end: ReturnType<typeof useMuteEnd>; onEnter: () => void };

/** Chooses until when something is muted. */
export function MuteFields({ end, onEnter }: MuteFieldsProps) {
  const { choice, setChoice, other, setOther, until, problem } = end;
  const t = useTranslations("deadLetters.mute");
  const format = useFormat();
  return (
    <>
      <div className="overflow-x-auto">
        <SegmentedControl
          label={t("until")}
          value={choice}
          onValueChange={setChoice}
          options={MUTE_CHOICES.map((value) => ({ value, label: t(`choices.${value}`) }))}
        />
      </div>
      {choice === "other" ? (
        <Field
          label={t("choices.other")}
          hint={t("otherHint", { zone: format.timeZone })}
          error={problem === null ? undefined : t(`otherProblems.${problem}`)}
        >
          {(ids) => (
            <Input
              {...ids}
              value={other}
              autoComplete="off"
              spellCheck={false}
              className="w-full font-mono"
              placeholder="2026-01-31 09:00"
              onChange={(event) => setOther(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") onEnter();
              }}
            />
          )}
        </Field>
      ) : null}
      {until === null ? null : (
        <p role="status" className="text-ink-muted text-sm">
          {t("ends", { time: format.minute(until) })}
        </p>
      )}
    </>
  );
}
