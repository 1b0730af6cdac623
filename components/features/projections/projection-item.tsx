"use client";

import { Pause, Play, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ProjectionDto } from "#server/contract/projections.ts";
import { ProjectionFailure } from "./projection-failure.tsx";
import { useChangeProjection } from "./projection-queries.ts";
import { ProjectionStateBadge } from "./projection-state.tsx";
import { RebuildProgress } from "./rebuild-progress.tsx";

/** One read model: what it is built from, how far it is, why it stands, and its rebuild with progress. */
export function ProjectionItem({ projection }: { projection: ProjectionDto }) {
  const t = useTranslations("projections");
  const { name, error, rebuild, pausedAt, types } = projection;
  return (
    <li aria-label={name} className="flex flex-col gap-3 border-line border-b bg-surface px-3 py-4 md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <NodeIcon kind="store" className="size-4" />
        <h2 className="font-medium">{name}</h2>
        <ProjectionStateBadge projection={projection} />
        <span className="flex-1" />
        <ProjectionActions projection={projection} />
      </div>
      <ProjectionFigures projection={projection} />
      {error === null ? null : <ProjectionFailure error={error} title={t("failed")} />}
      {rebuild === null ? null : <RebuildProgress rebuild={rebuild} isPaused={pausedAt !== null} />}
      <p className="flex max-w-3xl flex-wrap gap-x-2 gap-y-1 text-xs">
        <span className="text-ink-muted">{t("builtFrom")}</span>
        {types.map((type) => (
          <span key={type} className="font-mono">
            {type}
          </span>
        ))}
      </p>
    </li>
  );
}

function ProjectionFigures({
  projection: { lag, applied, movedAt, position },
}: {
  projection: ProjectionDto;
}) {
  const t = useTranslations("projections");
  const format = useFormat();
  return (
    <FigureList className="max-w-3xl">
      <Figure label={t("backlog")} title={t("backlogHint")}>
        {format.number(lag.events)}
        {lag.capped ? "+" : ""}
      </Figure>
      <Figure label={t("oldestWaiting")}>
        {lag.events === 0 ? "–" : format.duration(Math.round(lag.seconds * 1000))}
      </Figure>
      <Figure label={t("applied")} title={t("appliedHint")}>
        {format.number(applied)}
      </Figure>
      <Figure label={t("movedAt")}>
        {position === "0" ? "–" : <Timestamp at={movedAt} shape="relative" />}
      </Figure>
    </FigureList>
  );
}

function ProjectionActions({
  projection: { name, pausedAt, rebuild, applied },
}: {
  projection: ProjectionDto;
}) {
  const t = useTranslations("projections");
  const change = useChangeProjection(name);
  const [isAsking, setIsAsking] = useState(false);
  const isPaused = pausedAt !== null;
  const Icon = isPaused ? Play : Pause;
  return (
    <>
      <div className="flex gap-2">
        <Button
          isBusy={change.isPending && change.variables !== "rebuild"}
          icon={<Icon aria-hidden className="size-3.5" />}
          onClick={() => change.mutate(isPaused ? "resume" : "pause")}
        >
          {t(isPaused ? "resume" : "pause")}
        </Button>
        <Button
          disabled={rebuild !== null}
          isBusy={change.isPending && change.variables === "rebuild"}
          icon={<RotateCcw aria-hidden className="size-3.5" />}
          onClick={() => setIsAsking(true)}
        >
          {t("rebuild")}
        </Button>
      </div>
      {change.isError ? (
        <div className="w-full">
          <ErrorNotice title={t("changeFailed")} error={change.error} />
        </div>
      ) : null}
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
    </>
  );
}
