"use client";

import { useTranslations } from "next-intl";
import { Select } from "#components/ui/select.tsx";
import type { ReadTrace } from "./trace-queries.ts";

type SubjectSelectProps = { answer: ReadTrace; onChange: (subject: string) => void };

/** Switches between the sagas that share one correlation; nothing where it holds one. */
export function SubjectSelect({ answer, onChange }: SubjectSelectProps) {
  const t = useTranslations("trace");
  const { subjects, unassigned, reference } = answer;
  const { subject } = reference;
  if (subjects.length === 0 || subject === null) return null;
  const all = [...new Set([...subjects, subject])].sort();
  return (
    <>
      <Select
        label={t("subject")}
        value={subject}
        onValueChange={onChange}
        options={all.map((each) => ({ value: each, label: each }))}
        className="h-6 max-w-56 text-xs"
      />
      {unassigned === 0 ? null : (
        <span className="text-ink-muted text-xs">{t("unassigned", { count: unassigned })}</span>
      )}
    </>
  );
}
