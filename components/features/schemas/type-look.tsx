"use client";

import { Eye, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import type { SchemaPolicy, TypeSummaryDto } from "#server/contract/schemas.ts";

/** Whether a type has schemas, and what becomes of events that violate them. */
export function PolicyBadge({ policy }: { policy: SchemaPolicy | null }) {
  const t = useTranslations("schemas.policies");
  if (policy === null) return <Badge>{t("none")}</Badge>;
  return policy === "enforce" ? (
    <Badge tone="accent" icon={<ShieldCheck aria-hidden className="size-3" />}>
      {t("enforce")}
    </Badge>
  ) : (
    <Badge tone="info" icon={<Eye aria-hidden className="size-3" />}>
      {t("observe")}
    </Badge>
  );
}

/** The part of the judged events that violated; null where none was judged. */
export function violationRate({ judged, violations }: Pick<TypeSummaryDto, "judged" | "violations">) {
  return judged === 0 ? null : violations / judged;
}

/** A place in a payload; the payload itself has no name of its own. */
export function PlaceName({ path }: { path: string }) {
  const t = useTranslations("schemas");
  if (path === "") return <span>{t("wholePayload")}</span>;
  return <code className="wrap-anywhere font-mono">{path}</code>;
}
