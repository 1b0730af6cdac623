"use client";

import { useTranslations } from "next-intl";
import { Select } from "#components/ui/select.tsx";
import type { ReadTrace } from "./trace-queries.ts";

type SubjectSelectProps = { answer: ReadTrace; onChange: (subject: string | null) => void };

/** Stands for all sagas of a correlation; no subject begins with a blank. */
const ALL = " ";

/** Switches between the sagas that share one correlation; nothing where it holds one. */
export function SubjectSelect({ answer, onChange }: SubjectSelectProps) {
  const t = useTranslations("trace");
  const { subjects, unassigned, reference } = answer;
  if (subjects.length === 0 && reference.subject === null) return null;
  const all = [...new Set([...subjects, ...(reference.subject === null ? [] : [reference.subject])])].sort();
  return (
    <>
      <Select
        label={t("subject")}
        value={reference.subject ?? ALL}
        onValueChange={(subject) => onChange(subject === ALL ? null : subject)}
        options={[
          { value: ALL, label: t("subjectAll") },
          ...all.map((subject) => ({ value: subject, label: subject })),
        ]}
        className="h-6 max-w-56 text-xs"
      />
      {unassigned === 0 ? null : (
        <span className="text-ink-muted text-xs">{t("unassigned", { count: unassigned })}</span>
      )}
    </>
  );
}
