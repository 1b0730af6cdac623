"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { CaseFieldsDto } from "#server/contract/failure-cases.ts";
import { caseQueries } from "./case-queries.ts";
import { readFact } from "./shared-fact.ts";

/** What failing payloads of a case have in common and succeeding ones don't, in sentences. */
export function CommonFields({ id }: { id: number }) {
  const t = useTranslations("deadLetters.fields");
  const query = useQuery(caseQueries.fields(id));
  if (query.isPending) {
    return (
      <div role="status" aria-busy aria-label={t("loading")} className="flex flex-col gap-2">
        <Skeleton className="w-3/4" />
        <Skeleton className="w-2/3" />
      </div>
    );
  }
  if (query.isError) {
    return <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />;
  }
  const comparison = query.data;
  return (
    <div className="flex flex-col gap-2">
      {comparison.fields.length === 0 ? (
        <p className="text-sm">{t(reasonForNone(comparison))}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {comparison.fields.map((field) => (
            <FieldLine key={`${field.pointer} ${JSON.stringify(field.fact)}`} field={field} of={comparison} />
          ))}
        </ul>
      )}
      <Measure comparison={comparison} />
    </div>
  );
}

/** Why nothing is shown: that nothing was found must not look like that nothing was looked at. */
function reasonForNone({ failing, succeeding }: CaseFieldsDto) {
  if (failing.read === 0) return "noneFailing";
  return succeeding.read === 0 ? "noneSucceeding" : "none";
}

type FieldLineProps = { field: CaseFieldsDto["fields"][number]; of: CaseFieldsDto };

function FieldLine({ field, of }: FieldLineProps) {
  const t = useTranslations("deadLetters.fields");
  const words = readFact(field);
  if (words === null) return null;
  const { key, place, detail } = words;
  const code = (text: ReactNode) => <code className="wrap-anywhere font-mono text-xs">{text}</code>;
  const fact = t.rich(`facts.${key}`, {
    code,
    place: place === "" ? t("wholePayload") : place,
    detail,
  });
  return (
    <li className="flex flex-col gap-1 text-sm">
      <p>
        {t.rich("sentence", {
          fact: () => fact,
          failing: field.failing,
          failingAll: of.failing.read,
          succeeding: field.succeeding,
          succeedingAll: of.succeeding.read,
          every: field.failing === of.failing.read ? "yes" : "no",
        })}
      </p>
      <div aria-hidden className="flex max-w-md flex-col gap-0.5">
        <Share part={field.failing} whole={of.failing.read} className="bg-danger" />
        <Share part={field.succeeding} whole={of.succeeding.read} className="bg-ok" />
      </div>
    </li>
  );
}

function Share({ part, whole, className }: { part: number; whole: number; className: string }) {
  const share = whole === 0 ? 0 : part / whole;
  return (
    <span className="block h-1 overflow-hidden rounded-full bg-pressed">
      <span className={`block h-full ${className}`} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

function Measure({ comparison: { failing, succeeding, isCut } }: { comparison: CaseFieldsDto }) {
  const t = useTranslations("deadLetters.fields");
  const format = useFormat();
  const unreadable = failing.unreadable + succeeding.unreadable;
  return (
    <p className="text-ink-faint text-xs">
      {t("measure", { failing: format.number(failing.read), succeeding: format.number(succeeding.read) })}
      {unreadable === 0 ? null : ` ${t("unreadable", { count: unreadable })}`}
      {isCut ? ` ${t("cut")}` : null}
    </p>
  );
}
