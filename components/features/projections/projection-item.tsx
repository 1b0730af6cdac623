"use client";

import { Pause, Play, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ProjectionDto } from "#server/contract/projections.ts";
import { Figure } from "./figure.tsx";
import { useChangeProjection } from "./projection-queries.ts";

type ProjectionError = NonNullable<ProjectionDto["error"]>;

/** One read model: how far it is, why it stands, and its rebuild with progress. */
export function ProjectionItem({ projection }: { projection: ProjectionDto }) {
  const t = useTranslations("projections");
  const format = useFormat();
  const change = useChangeProjection(projection.name);
  const [isAsking, setIsAsking] = useState(false);
  const { name, lag, error, rebuild, pausedAt, applied } = projection;
  return (
    <li className="flex flex-col gap-2 border-line border-b bg-surface px-3 py-3 md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-medium">{name}</h2>
        <StateBadge projection={projection} />
        <span className="flex-1" />
        <Button
          size="sm"
          isBusy={change.isPending && change.variables !== "rebuild"}
          icon={
            pausedAt === null ? (
              <Pause aria-hidden className="size-3.5" />
            ) : (
              <Play aria-hidden className="size-3.5" />
            )
          }
          onClick={() => change.mutate(pausedAt === null ? "pause" : "resume")}
        >
          {pausedAt === null ? t("pause") : t("resume")}
        </Button>
        <Button
          size="sm"
          disabled={rebuild !== null}
          isBusy={change.isPending && change.variables === "rebuild"}
          icon={<RotateCcw aria-hidden className="size-3.5" />}
          onClick={() => setIsAsking(true)}
        >
          {t("rebuild")}
        </Button>
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure label={t("behind")}>{t("events", { count: lag.events, more: lag.capped ? "+" : "" })}</Figure>
        <Figure label={t("behindTime")}>{format.duration(Math.round(lag.seconds * 1000))}</Figure>
        <Figure label={t("applied")}>{format.number(applied)}</Figure>
      </dl>
      {error === null ? null : <Failure error={error} title={t("failed")} />}
      {rebuild === null ? null : (
        <div className="flex flex-col gap-1">
          <p className="flex flex-wrap justify-between gap-2 text-ink-muted text-xs">
            <span>{pausedAt === null ? t("rebuilding") : t("rebuildPaused")}</span>
            <span className="tabular-nums">
              {t("progress", { applied: rebuild.applied, expected: rebuild.expected })}
            </span>
          </p>
          <progress
            aria-label={t("rebuilding")}
            max={Math.max(1, rebuild.expected)}
            value={rebuild.applied}
            className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-pressed [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-pressed [&::-webkit-progress-value]:bg-accent"
          />
          {rebuild.error === null ? null : <Failure error={rebuild.error} title={t("rebuildFailed")} />}
        </div>
      )}
      {change.isError ? <ErrorNotice title={t("changeFailed")} error={change.error} /> : null}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={t("rebuildTitle", { name })}
        description={t("rebuildHint", { count: applied })}
        confirmLabel={t("rebuild")}
        onConfirm={() => {
          setIsAsking(false);
          change.mutate("rebuild");
        }}
      />
    </li>
  );
}

function StateBadge({ projection: { pausedAt, error, lag } }: { projection: ProjectionDto }) {
  const t = useTranslations("projections.states");
  if (pausedAt !== null) return <Badge tone="neutral">{t("paused")}</Badge>;
  if (error !== null) return <Badge tone="danger">{t("failing")}</Badge>;
  return lag.seconds > 10 ? (
    <Badge tone="warn">{t("behind")}</Badge>
  ) : (
    <Badge tone="ok">{t("current")}</Badge>
  );
}

function Failure({ error, title }: { error: ProjectionError; title: string }) {
  const t = useTranslations("projections");
  const format = useFormat();
  return (
    <div role="status" className="rounded-md bg-danger-soft px-3 py-2 text-danger-ink text-xs">
      <p className="font-medium">{title}</p>
      <p className="break-words">{error.message}</p>
      <p>
        {t("tries", {
          count: error.failures,
          at: format.dateTime(error.at),
          next: format.clock(error.retryAt),
        })}{" "}
        {error.position === null ? null : (
          <a href={`/events/${error.position}`} className="underline">
            {t("openEvent")}
          </a>
        )}
      </p>
    </div>
  );
}
