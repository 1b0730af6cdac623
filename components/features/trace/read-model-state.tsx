"use client";

import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { formatJson } from "#components/ui/json-format.ts";
import type { ReadModelAtDto } from "#server/contract/trace-states.ts";
import { findDifferences } from "./states-difference.ts";

type ReadModelStateProps = {
  model: ReadModelAtDto;
  /** JSON; null where it is not known. */
  aggregateState: string | null;
};

/** What a read model showed of an aggregate, whether that was all, and what it showed otherwise. */
export function ReadModelState({ model, aggregateState }: ReadModelStateProps) {
  const t = useTranslations("trace.statesAt");
  const unknown = useTranslations("trace.unknownViews");
  const { projection, shown } = model;
  const differences =
    shown.kind === "shown" && aggregateState !== null ? findDifferences(aggregateState, shown.state) : [];
  return (
    <section aria-label={projection} className="mt-3 border-line border-l-2 pl-3">
      <h4 className="mb-1 flex flex-wrap items-center gap-2 font-medium text-sm">
        {projection}
        <Standing model={model} />
      </h4>
      {shown.kind === "nothing" ? <p className="text-ink-muted text-xs">{t("showsNothing")}</p> : null}
      {shown.kind === "unknown" ? <p className="text-ink-muted text-xs">{unknown(shown.reason)}</p> : null}
      {differences.length === 0 ? null : (
        <ul className="mb-1 flex flex-col gap-0.5 text-xs">
          {differences.map(({ name, aggregate, shown: value }) => (
            <li key={name} className="wrap-anywhere text-warn-ink">
              {t("differs", { name, shown: value, aggregate })}
            </li>
          ))}
        </ul>
      )}
      {shown.kind === "shown" ? (
        <CodeBlock code={formatJson(shown.state).text} copyLabel={t("copy")} />
      ) : null}
    </section>
  );
}

/** In step, or how many events behind and for how long. */
function Standing({ model: { waiting, lagMs, appliedUs, eventPosition } }: { model: ReadModelAtDto }) {
  const t = useTranslations("trace.statesAt");
  const format = useFormat();
  if (waiting === null) {
    return <Badge icon={<CircleHelp aria-hidden className="size-3" />}>{t("standings.unknown")}</Badge>;
  }
  if (waiting > 0) {
    const lag = format.duration(lagMs ?? 0);
    return (
      <Badge tone="warn" icon={<CircleAlert aria-hidden className="size-3" />}>
        {t("standings.behind", { count: waiting, lag })}
      </Badge>
    );
  }
  const took = appliedUs === null || eventPosition === null ? null : appliedUs - Number(eventPosition);
  return (
    <>
      <Badge tone="ok" icon={<CircleCheck aria-hidden className="size-3" />}>
        {t("standings.inStep")}
      </Badge>
      {took === null ? null : (
        <span className="font-normal text-ink-muted text-xs">
          {t("caughtUp", { duration: format.duration(took / 1000) })}
        </span>
      )}
    </>
  );
}
