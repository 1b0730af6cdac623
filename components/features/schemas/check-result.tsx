"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { SchemaCheckDto } from "#server/contract/schemas.ts";
import { MeasuredNote } from "./measured-note.tsx";
import { PlaceName } from "./type-look.tsx";

/** Whether a version can be registered as it was checked. */
export function canRegister({ problems, refusal, breaks }: SchemaCheckDto): boolean {
  return problems.length === 0 && refusal === null && breaks.length === 0;
}

/** What would come of a registration: whether it keeps its promise, and what the newest events would be. */
export function CheckResult({ check }: { check: SchemaCheckDto }) {
  const t = useTranslations("schemas.check");
  const { problems, refusal, comparedWith, breaks, measured } = check;
  return (
    <section
      aria-label={t("label")}
      className="flex flex-col gap-2 rounded-md border border-line-strong bg-sunken p-3 text-sm"
    >
      {problems.length > 0 ? (
        <Verdict isGood={false} text={t("unusable")}>
          {problems.map(({ path, reason }) => (
            <li key={`${path} ${reason}`} className="wrap-anywhere">
              {path === "" ? null : <PlaceName path={path} />} {reason}
            </li>
          ))}
        </Verdict>
      ) : null}
      {refusal === null ? null : <Verdict isGood={false} text={refusal} />}
      {breaks.length > 0 ? (
        <Verdict isGood={false} text={t("breaks", { count: breaks.length })}>
          {breaks.map(({ direction, older, newer, path, reason }) => (
            <li key={`${direction} ${path} ${reason}`} className="wrap-anywhere">
              <PlaceName path={path} /> {reason}{" "}
              <span className="text-ink-faint">{t(`direction.${direction}`, { older, newer })}</span>
            </li>
          ))}
        </Verdict>
      ) : null}
      {canRegister(check) ? (
        <Verdict
          isGood
          text={comparedWith === null ? t("first") : t("compatible", { version: comparedWith })}
        />
      ) : null}
      {measured === null ? null : <MeasuredNote measured={measured} as="violating" />}
    </section>
  );
}

function Verdict({ isGood, text, children }: { isGood: boolean; text: string; children?: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleX;
  return (
    <div className="flex gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${isGood ? "text-ok-ink" : "text-danger-ink"}`} />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">{text}</p>
        {children === undefined ? null : <ul className="flex flex-col gap-1 text-xs">{children}</ul>}
      </div>
    </div>
  );
}
