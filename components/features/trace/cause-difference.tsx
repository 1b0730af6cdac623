"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { eventQueries } from "#components/event-detail/event-queries.ts";
import { eventHref } from "#components/shell/destinations.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { EventViewDto } from "#server/contract/events.ts";
import { diffPayloads } from "#server/domain/sagas/diff-payloads.ts";
import { FieldDifferences } from "./field-differences.tsx";

type CauseDifferenceProps = {
  position: string;
  /** Null where nothing is known to have led to it. */
  cause: { position: string; type: string } | null;
};

/** In which fields the payload of an event differs from that of its cause. */
export function CauseDifference({ position, cause }: CauseDifferenceProps) {
  const t = useTranslations("traceTree");
  return (
    <div className="px-3 py-2 md:px-4">
      {cause === null ? (
        <p className="text-ink-muted text-xs">{t("noCause")}</p>
      ) : (
        <Difference position={position} cause={cause} />
      )}
    </div>
  );
}

function Difference({ position, cause }: { position: string; cause: { position: string; type: string } }) {
  const t = useTranslations("traceTree");
  const before = useQuery(eventQueries.byPosition(cause.position));
  const after = useQuery(eventQueries.byPosition(position));
  const failed = [before, after].find(({ isLoadingError }) => isLoadingError);
  if (failed?.error) {
    return <ErrorNotice title={t("loadFailed")} error={failed.error} onRetry={failed.refetch} />;
  }
  if (before.data === undefined || after.data === undefined) {
    return (
      <div role="status" aria-busy="true" aria-label={t("loading")} className="flex flex-col gap-2 py-1">
        <Skeleton className="w-1/3" />
        <Skeleton className="w-1/2" />
      </div>
    );
  }
  return <Fields before={before.data} after={after.data} cause={cause} />;
}

type FieldsProps = { before: EventViewDto; after: EventViewDto; cause: { position: string; type: string } };

function Fields({ before, after, cause }: FieldsProps) {
  const t = useTranslations("traceTree");
  const [one, other] = [before.data, after.data];
  const difference = useMemo(
    () => (isText(one) && isText(other) ? diffPayloads(one.text, other.text) : null),
    [one, other],
  );
  const link = (
    <Link href={eventHref(cause.position)} className="font-mono text-accent hover:underline">
      {cause.type}
    </Link>
  );
  const words = (key: "same" | "fields" | "notComparable" | "textDiffers", count = 0) =>
    t.rich(key, { cause: () => link, count });
  if (difference === null) return <p className="text-ink-muted text-xs">{words("notComparable")}</p>;
  if (difference.kind === "text") {
    return <p className="text-ink-muted text-xs">{words(difference.isSame ? "same" : "textDiffers")}</p>;
  }
  const { fields, isCut } = difference;
  if (fields.length === 0) return <p className="text-ink-muted text-xs">{words("same")}</p>;
  return (
    <>
      <p className="pb-1 text-ink-muted text-xs">{words("fields", fields.length)}</p>
      <FieldDifferences
        label={t("differences", { type: after.type })}
        fields={fields}
        left={t("inCause")}
        right={t("here")}
        isCut={isCut}
      />
    </>
  );
}

function isText({ encoding }: EventViewDto["data"]): boolean {
  return encoding === "json" || encoding === "text";
}
