"use client";

import { Info, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { consumerHref, replayHref } from "#components/shell/destinations.ts";
import { classNames } from "#components/ui/class-names.ts";
import type { PlanWarningKind, ReplayPlanDto } from "#server/contract/replays.ts";

/** What is worst comes first; last what is merely left out. */
const ORDER: readonly PlanWarningKind[] = [
  "failing-now",
  "paused",
  "in-other-replay",
  "edit-fails",
  "edit-violates-schema",
  "handled-already",
  "later-handled",
  "older-schema",
  "consumer-ended",
  "consumer-external",
];
const LEFT_OUT: readonly PlanWarningKind[] = ["consumer-ended", "consumer-external"];

/** What might go wrong or happen twice, each with what can be done about it. */
export function PlanWarnings({ warnings }: Pick<ReplayPlanDto, "warnings">) {
  const t = useTranslations("replays.plan.warnings");
  const sorted = warnings.toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  if (sorted.length === 0) return null;
  return (
    <ul aria-label={t("label")} className="flex flex-col gap-2 px-3 pb-4 md:px-4">
      {sorted.map((warning) => (
        <Warning
          key={`${warning.kind} ${warning.consumer ?? ""} ${warning.detail ?? ""}`}
          warning={warning}
        />
      ))}
    </ul>
  );
}

function Warning({
  warning: { kind, count, consumer, detail },
}: {
  warning: ReplayPlanDto["warnings"][number];
}) {
  const t = useTranslations("replays.plan.warnings");
  const isLeftOut = LEFT_OUT.includes(kind);
  const Icon = isLeftOut ? Info : TriangleAlert;
  return (
    <li
      className={classNames(
        "flex max-w-3xl gap-2 rounded-md border p-2.5 text-sm",
        isLeftOut ? "border-line-strong bg-sunken" : "border-warn bg-warn-soft",
      )}
    >
      <Icon
        aria-hidden
        className={classNames("mt-0.5 size-4 shrink-0", isLeftOut ? "text-ink-muted" : "text-warn-ink")}
      />
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className={classNames("font-medium", consumer === null && "first-letter:uppercase")}>
          {consumer === null ? null : (
            <Link href={consumerHref(consumer)} prefetch={false} className="wrap-anywhere hover:underline">
              {t("of", { consumer })}{" "}
            </Link>
          )}
          {t(`kinds.${kind}.what`, { count })}
        </p>
        <Detail kind={kind} detail={detail} />
        <p className="text-ink-muted">{t(`kinds.${kind}.todo`)}</p>
      </div>
    </li>
  );
}

/** What the server says beside it, where it is a name: the other replay, or the type. */
function Detail({ kind, detail }: Pick<ReplayPlanDto["warnings"][number], "kind" | "detail">) {
  const t = useTranslations("replays");
  if (detail === null) return null;
  const other = kind === "in-other-replay" ? /\d+$/.exec(detail)?.[0] : undefined;
  if (other !== undefined) {
    return (
      <Link href={replayHref(Number(other))} prefetch={false} className="w-fit text-accent hover:underline">
        {t("replay", { id: other })}
      </Link>
    );
  }
  return kind === "older-schema" ? <code className="wrap-anywhere font-mono text-xs">{detail}</code> : null;
}
