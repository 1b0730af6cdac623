"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "#components/ui/format-context.tsx";
import type { RuleDto } from "#server/contract/failure-rules.ts";

const TEXTS = ["consumer", "type", "errorName", "message", "fingerprint"] as const;
const AGES = ["minAgeMs", "maxAgeMs"] as const;
const ATTEMPTS = ["minAttempts", "maxAttempts"] as const;

/** What a rule asks of a letter, one condition after the other. */
export function RuleConditionList({ conditions }: Pick<RuleDto, "conditions">) {
  const t = useTranslations("failureRules.conditions");
  const format = useFormat();
  const words: ReactNode[] = [
    ...TEXTS.flatMap((name) => {
      const value = conditions[name];
      return value === undefined ? [] : [t.rich(name, { value, code: (text) => <Code>{text}</Code> })];
    }),
    ...AGES.flatMap((name) => {
      const value = conditions[name];
      const isAny = value === 0 && name === "minAgeMs";
      return value === undefined || isAny ? [] : [t(name, { age: format.duration(value) })];
    }),
    ...ATTEMPTS.flatMap((name) => {
      const value = conditions[name];
      return value === undefined ? [] : [t(name, { count: value })];
    }),
  ];
  return (
    <ul className="flex flex-wrap gap-1.5 text-xs">
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the conditions of a rule have one order
        <li key={index} className="rounded-md border border-line bg-sunken px-1.5 py-0.5 text-ink-muted">
          {word}
        </li>
      ))}
    </ul>
  );
}

/** What a rule does, as a sentence. */
export function RuleActionWords({ action, perMinute }: Pick<RuleDto, "action" | "perMinute">) {
  const t = useTranslations("failureRules.actions");
  const limit = t("limit", { count: perMinute });
  if (action.kind === "discard") return `${t("discardFor", { reason: action.reason })} ${limit}`;
  if (action.kind === "assign") return `${t("assignTo", { owner: action.owner })} ${limit}`;
  return `${t("replayIt")} ${limit}`;
}

function Code({ children }: { children: ReactNode }) {
  return <span className="break-all font-mono text-ink">{children}</span>;
}
