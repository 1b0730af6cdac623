"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import {
  consumersHref,
  flowHref,
  liveHref,
  searchHref,
  streamSearchHref,
} from "#components/shell/destinations.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import { scenarioQueries } from "./scenario-queries.ts";

/** Where one can see what the system does: in general, and in one flow that went well a moment ago. */
export function EffectLinks({ scenario }: { scenario: ScenarioDto }) {
  const t = useTranslations("scenarios.effects");
  const { name, sourcePrefix, aggregateType, services } = scenario;
  const flow = useQuery(scenarioQueries.latestFlow(scenario));
  const ofSystem = { source: [`${sourcePrefix}*`] };
  const hasConsumers = services.some(({ consumer }) => consumer !== null);
  const links = [
    { label: t("live"), href: liveHref(ofSystem) },
    { label: t("events"), href: searchHref(ofSystem) },
    ...(hasConsumers ? [{ label: t("consumers"), href: consumersHref(`${name}.`) }] : []),
    ...(aggregateType === null ? [] : [{ label: t("streams"), href: streamSearchHref("order-") }]),
    ...(services.some(({ kind }) => kind === "projection")
      ? [{ label: t("projections"), href: "/projections" as const }]
      : []),
    ...(flow.data == null ? [] : [{ label: t("flow"), href: flowHref(flow.data) }]),
  ];
  return (
    <nav aria-label={t("title")} className="flex flex-wrap items-center gap-2">
      <span className="text-ink-muted text-xs">{t("title")}</span>
      {links.map(({ label, href }) => (
        <Link key={label} href={href} className={buttonClasses("secondary", "sm")}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
