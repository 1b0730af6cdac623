"use client";

import { Columns3 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonClasses } from "#components/ui/button.tsx";
import { COMPARED_SCENARIOS } from "#server/contract/scenario-comparison.ts";
import type { ScenarioName } from "#server/contract/scenarios.ts";

/** From a system that takes orders to all of them side by side; nothing for any other system. */
export function ComparisonLink({ name }: { name: ScenarioName }) {
  const t = useTranslations("scenarios.comparison");
  if (!COMPARED_SCENARIOS.some((one) => one === name)) return null;
  return (
    <Link
      href={`/scenarios?scenario=${name}&view=comparison`}
      className={`${buttonClasses("secondary", "sm")} md:ml-auto`}
    >
      <Columns3 aria-hidden className="size-3.5" />
      {t("open")}
    </Link>
  );
}
