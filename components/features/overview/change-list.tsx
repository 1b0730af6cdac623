"use client";

import { Box, Boxes, Inbox, type LucideIcon, MailWarning, Tags } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { NameEnd } from "#components/ui/name-end.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { ChangeDto } from "#server/contract/overview.ts";

const ICONS: Record<ChangeDto["kind"], LucideIcon> = {
  "new-type": Tags,
  "new-version": Boxes,
  "new-source": Box,
  "new-consumer": Inbox,
  "new-error": MailWarning,
};

/** As many as stand beside a table of services without being longer than the page. */
const FEW = 10;

/** What was not there a day ago: most failures begin with a change. */
export function ChangeList({ changes }: { changes: readonly ChangeDto[] }) {
  const t = useTranslations("overview.changes");
  const format = useFormat();
  const now = useNow();
  const [isLong, setIsLong] = useState(false);
  const shown = isLong ? changes : changes.slice(0, FEW);
  return (
    <section aria-label={t("title")} className="min-w-0">
      <h2 className="pb-1.5 font-medium text-ink-muted text-xs">{t("title")}</h2>
      {changes.length === 0 ? (
        <p className="rounded-lg border border-line bg-surface px-3 py-2 text-ink-muted text-sm">
          {t("none")}
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {shown.map(({ kind, subject, of, at, href }) => {
            const Icon = ICONS[kind];
            const what = t(`kinds.${kind}`, { subject, of: of ?? "" });
            return (
              <li key={`${kind}/${subject}/${of}`}>
                <Link
                  href={href}
                  prefetch={false}
                  className="flex items-center gap-2 px-3 py-1.5 text-sm -outline-offset-2 hover:bg-hover"
                >
                  <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
                  {kind === "new-error" ? (
                    <span className="min-w-0 flex-1 truncate" title={what}>
                      {what}
                    </span>
                  ) : (
                    <NameEnd className="flex-1" title={what}>
                      {what}
                    </NameEnd>
                  )}
                  <span title={format.dateTime(at)} className="shrink-0 text-ink-faint text-xs">
                    {format.relative(at, now)}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      {changes.length <= FEW ? null : (
        <Button size="sm" variant="ghost" className="mt-1" onClick={() => setIsLong(!isLong)}>
          {isLong ? t("fewer") : t("all", { count: changes.length })}
        </Button>
      )}
    </section>
  );
}
