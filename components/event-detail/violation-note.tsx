"use client";

import { ShieldAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { schemaHref } from "#components/shell/destinations.ts";
import type { EventViewDto } from "#server/contract/events.ts";

/** That an event violates the schema of its type, where and why; nothing for one that does not. */
export function ViolationNote({ event }: { event: EventViewDto }) {
  const t = useTranslations("event.schema");
  const { violation } = event.schema;
  if (violation === null) return null;
  const { version, judgedBy, problems, problemCount } = violation;
  const schema = judgedBy === null ? t("noSchema") : t("schemaName", { version: judgedBy });
  return (
    <aside
      aria-label={t("violates", { schema })}
      className="flex max-h-40 shrink-0 gap-2 overflow-y-auto border-danger border-b bg-danger-soft px-3 py-2 text-xs md:px-4"
    >
      <ShieldAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-danger-ink" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="font-medium text-danger-ink">{t("violates", { schema })}</p>
        <ul className="flex flex-col gap-0.5">
          {problems.map(({ path, reason }) => (
            <li key={`${path} ${reason}`} className="wrap-anywhere">
              {path === "" ? t("wholePayload") : <code className="font-mono">{path}</code>} {reason}
            </li>
          ))}
          {problemCount > problems.length ? (
            <li>{t("more", { count: problemCount - problems.length })}</li>
          ) : null}
        </ul>
        <p className="text-ink-muted">
          {version === null ? t("namesNone") : t("named", { version })}{" "}
          <Link
            href={`${schemaHref(event.type)}?tab=violations`}
            prefetch={false}
            className="text-accent hover:underline"
          >
            {t("toType", { type: event.type })}
          </Link>
        </p>
      </div>
    </aside>
  );
}
