"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { caseHref, letterHref, lettersHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { LetterFilter, LetterSelection } from "#server/contract/dead-letters.ts";

const LINK = "text-accent hover:underline";

/** What was selected, in words, with the way there. */
export function SelectionLabel({ selection }: { selection: LetterSelection }) {
  const t = useTranslations("replays.selection");
  switch (selection.kind) {
    case "case":
      return (
        <Link href={caseHref(selection.case)} prefetch={false} className={LINK}>
          {t("case", { id: selection.case })}
        </Link>
      );
    case "filter":
      return (
        <Link href={lettersHref(selection.filter)} prefetch={false} className={LINK}>
          <FilterWords filter={selection.filter} />
        </Link>
      );
    case "letters": {
      const [only, ...others] = selection.letters;
      if (only === undefined || others.length > 0)
        return <>{t("letters", { count: selection.letters.length })}</>;
      return (
        <Link href={letterHref(only)} prefetch={false} className={LINK}>
          {t("letter", { position: only.position, consumer: only.consumer })}
        </Link>
      );
    }
  }
}

const MOMENTS = ["from", "to"] as const;
const LISTS = ["status", "consumer", "type", "source", "case"] as const;
const TEXTS = ["key", "eventid", "correlationid", "error", "q"] as const;

function FilterWords({ filter }: { filter: LetterFilter }) {
  const t = useTranslations("replays.selection");
  const statuses = useTranslations("replays.letterStatuses");
  const format = useFormat();
  const conditions = [
    ...LISTS.flatMap((field) => {
      const values = field === "status" ? filter.status?.map((status) => statuses(status)) : filter[field];
      return values === undefined || values.length === 0
        ? []
        : [t("condition", { field: t(`fields.${field}`), value: values.join(t("or")) })];
    }),
    ...TEXTS.flatMap((field) => {
      const value = filter[field];
      return value === undefined ? [] : [t("condition", { field: t(`fields.${field}`), value })];
    }),
    ...MOMENTS.flatMap((field) => {
      const at = filter[field];
      return at === undefined
        ? []
        : [t("condition", { field: t(`fields.${field}`), value: format.minute(at) })];
    }),
  ];
  return (
    <span className="wrap-anywhere">
      {conditions.length === 0 ? t("everything") : conditions.join(" · ")}
    </span>
  );
}
