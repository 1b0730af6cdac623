"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { liveHref, searchHref } from "#components/shell/destinations.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import type { ScenarioDto } from "#server/contract/scenarios.ts";

/** Where one can see what the system does. */
export function EffectLinks({ scenario: { sourcePrefix, services } }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios.effects");
  const ofSystem = { source: [`${sourcePrefix}*`] };
  return (
    <nav aria-label={t("title")} className="flex flex-wrap items-center gap-2">
      <span className="text-ink-muted text-xs">{t("title")}</span>
      <Link href={liveHref(ofSystem)} className={buttonClasses("secondary", "sm")}>
        {t("live")}
      </Link>
      <Link href={searchHref(ofSystem)} className={buttonClasses("secondary", "sm")}>
        {t("events")}
      </Link>
      {services.every(({ consumer }) => consumer === null) ? null : (
        <Link href="/consumers" className={buttonClasses("secondary", "sm")}>
          {t("consumers")}
        </Link>
      )}
    </nav>
  );
}
