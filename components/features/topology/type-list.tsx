"use client";

import { Braces } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { schemaHref, searchHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TopologyEdgeDto } from "#server/contract/topology.ts";

type TypeListProps = { types: TopologyEdgeDto["types"]; sources: readonly string[] };

/** Event types with how often they came, leading to the events and to their schemas. */
export function TypeList({ types, sources }: TypeListProps) {
  const t = useTranslations("topology.panel");
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {types.map(({ type, count }) => (
        <li key={type} className="flex items-center gap-2">
          <Link
            href={searchHref({ type: [type], ...(sources.length > 0 && { source: [...sources] }) })}
            className="min-w-0 text-accent hover:underline"
          >
            <TypeName type={type} />
          </Link>
          <span className="shrink-0 text-ink-muted tabular-nums">{format.number(count)}</span>
          <Link
            href={schemaHref(type)}
            aria-label={t("schemaOf", { type })}
            title={t("schemaOf", { type })}
            className="shrink-0 text-ink-muted hover:text-ink"
          >
            <Braces aria-hidden className="size-3.5" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
