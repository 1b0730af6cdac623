"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { eventHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProjectionDto } from "#server/contract/projections.ts";

type ProjectionFailureProps = { title: string; error: NonNullable<ProjectionDto["error"]> };

/** Why a read model stands still, at which event, and when that is tried again. */
export function ProjectionFailure({ title, error }: ProjectionFailureProps) {
  const t = useTranslations("projections");
  const format = useFormat();
  return (
    <div role="status" className="max-w-3xl rounded-md border border-danger bg-danger-soft px-3 py-2 text-xs">
      <p className="flex flex-wrap gap-x-3">
        <span className="font-medium text-danger-ink">{title}</span>
        {error.position === null ? null : (
          <Link href={eventHref(error.position)} prefetch={false} className="text-accent hover:underline">
            {t("openEvent")}
          </Link>
        )}
      </p>
      <p className="wrap-anywhere my-0.5 font-mono">{error.message}</p>
      <p className="text-ink-muted">
        {t("tries", {
          count: error.failures,
          at: format.clock(error.at),
          next: format.clock(error.retryAt),
        })}
      </p>
    </div>
  );
}
