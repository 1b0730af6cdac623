"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { diffJson, type JsonChange } from "./json-diff.ts";

/** More changes than this are counted, not shown: one reads the JSON then. */
const MAX_SHOWN = 100;
const MAX_VALUE_LENGTH = 200;

type ChangeListProps = { before: string | null; after: string | null; title: string };

/** What differs between two JSON texts, one line for each value. */
export function ChangeList({ before, after, title }: ChangeListProps) {
  const t = useTranslations("streams");
  const changes = useMemo(() => diffJson(before, after), [before, after]);
  return (
    <section aria-label={title} className="max-h-64 shrink-0 overflow-y-auto px-3 py-2 md:px-4">
      <h2 className="mb-1 font-medium text-ink-muted text-xs">{title}</h2>
      {changes.length === 0 ? <p className="text-ink-muted text-xs">{t("unchanged")}</p> : null}
      <ul className="flex flex-col gap-0.5 font-mono text-xs">
        {changes.slice(0, MAX_SHOWN).map((change) => (
          <Change key={change.path} change={change} />
        ))}
      </ul>
      {changes.length > MAX_SHOWN ? (
        <p className="mt-1 text-ink-muted text-xs">
          {t("moreChanges", { count: changes.length - MAX_SHOWN })}
        </p>
      ) : null}
    </section>
  );
}

function Change({ change: { path, before, after } }: { change: JsonChange }) {
  const t = useTranslations("streams");
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="text-ink-muted">{path === "" ? t("whole") : path}</span>
      {before === null ? null : (
        <del className="break-all text-danger-ink">
          <span className="sr-only">{t("was")} </span>
          {shorten(before)}
        </del>
      )}
      {after === null ? null : (
        <ins className="break-all text-ok-ink no-underline">
          <span className="sr-only">{t("is")} </span>
          {shorten(after)}
        </ins>
      )}
    </li>
  );
}

function shorten(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
}
