"use client";

import { ArrowRight } from "lucide-react";
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
    <section
      aria-label={title}
      className="max-h-64 shrink-0 overflow-y-auto border-line px-3 py-2 md:px-4 @3xl:max-h-none @3xl:w-[42%] @3xl:max-w-md @3xl:border-l"
    >
      <h2 className="mb-1.5 font-medium text-ink-muted text-xs">{title}</h2>
      {changes.length === 0 ? <p className="text-ink-muted text-xs">{t("unchanged")}</p> : null}
      <ul className="flex flex-col gap-1.5 font-mono text-xs">
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
    <li>
      <span className="block wrap-anywhere text-ink-muted">{path === "" ? t("whole") : path}</span>
      <span className="flex flex-wrap items-baseline gap-x-2">
        {before === null ? null : (
          <del className="wrap-anywhere text-danger-ink">
            <span className="sr-only">{t("was")} </span>
            {shorten(before)}
          </del>
        )}
        {before === null || after === null ? null : (
          <ArrowRight aria-hidden className="size-3 shrink-0 self-center text-ink-faint" />
        )}
        {after === null ? null : (
          <ins className="wrap-anywhere text-ok-ink no-underline">
            <span className="sr-only">{t("is")} </span>
            {shorten(after)}
          </ins>
        )}
      </span>
    </li>
  );
}

function shorten(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
}
