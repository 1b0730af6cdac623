"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { eventHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { MeasuredDto } from "#server/contract/schemas.ts";
import { PlaceName } from "./type-look.tsx";

type MeasuredNoteProps = {
  measured: MeasuredDto;
  /** What would become of those that violate. */
  as: "refused" | "violating";
};

/** What schemas make of the newest events: how many violate, and the newest of those. */
export function MeasuredNote({ measured, as }: MeasuredNoteProps) {
  const t = useTranslations("schemas.measured");
  const format = useFormat();
  const { events, violating, from, to, examples } = measured;
  if (events === 0 || from === null || to === null) return <p className="text-sm">{t("nothing")}</p>;
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className={violating > 0 ? "font-medium text-danger-ink" : "text-ok-ink"}>
        {t(as, { events, violating })}
      </p>
      <p className="text-ink-faint text-xs">
        {t("between", { from: format.dateTime(from), to: format.dateTime(to) })}
      </p>
      {examples.length === 0 ? null : (
        <ul aria-label={t("examples")} className="flex flex-col gap-1 text-xs">
          {examples.map(({ position, path, reason }) => (
            <li key={position} className="wrap-anywhere">
              <Link
                href={eventHref(position)}
                target="_blank"
                className="font-mono text-accent hover:underline"
              >
                {position}
              </Link>{" "}
              <PlaceName path={path} /> {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
