"use client";

import { useTranslations } from "next-intl";
import type { FieldDifference } from "#server/domain/sagas/diff-payloads.ts";

type FieldDifferencesProps = {
  label: string;
  fields: readonly FieldDifference[];
  /** What the values on each side are of. */
  left: string;
  right: string;
  /** There are more than are given. */
  isCut: boolean;
};

/** Fields in which two payloads differ, with both values as they are written. */
export function FieldDifferences({ label, fields, left, right, isCut }: FieldDifferencesProps) {
  const t = useTranslations("traceTree");
  return (
    <>
      <table aria-label={label} className="@container w-full table-fixed text-left text-xs">
        <thead className="text-2xs text-ink-faint">
          <tr>
            <th className="w-1/4 py-0.5 pr-3 font-medium">{t("field")}</th>
            <th className="py-0.5 pr-3 font-medium">{left}</th>
            <th className="py-0.5 font-medium">{right}</th>
          </tr>
        </thead>
        <tbody className="font-mono">
          {fields.map(({ pointer, left: before, right: after }) => (
            <tr key={pointer} className="border-line border-t align-top">
              <th scope="row" className="wrap-anywhere py-0.5 pr-3 font-normal">
                {pointer === "" ? t("wholePayload") : pointer}
              </th>
              <Value text={before} />
              <Value text={after} />
            </tr>
          ))}
        </tbody>
      </table>
      {isCut ? (
        <p className="pt-1 text-ink-muted text-xs">{t("moreFields", { count: fields.length })}</p>
      ) : null}
    </>
  );
}

const MOST_LETTERS = 300;

function Value({ text }: { text: string | null }) {
  const t = useTranslations("traceTree");
  if (text === null) return <td className="py-0.5 pr-3 font-sans text-ink-faint">{t("absent")}</td>;
  const shown = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
  return (
    <td title={text === shown ? undefined : text.slice(0, 5_000)} className="wrap-anywhere py-0.5 pr-3">
      <span className="rounded-xs bg-pressed px-1">{shown}</span>
    </td>
  );
}
