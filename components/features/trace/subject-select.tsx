"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { similarHref } from "#components/event-detail/similar-link.ts";
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
      {unassigned === 0 ? null : <Unassigned answer={answer} />}
    </>
  );
}

/** They stand in no trace, but with all others of the correlation. */
function Unassigned({ answer: { unassigned, reference, trace } }: Pick<SubjectSelectProps, "answer">) {
  const t = useTranslations("trace");
  const words = t("unassigned", { count: unassigned });
  if (reference.by !== "correlation-id") return <span className="text-ink-muted text-xs">{words}</span>;
  const recordedAt = new Date(trace.startUs / 1000).toISOString();
  return (
    <Link
      href={similarHref({ recordedAt }, "correlationid", reference.value)}
      className="text-accent text-xs hover:underline"
    >
      {words}
    </Link>
  );
}
