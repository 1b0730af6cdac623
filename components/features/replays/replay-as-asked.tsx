"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { AuditTrail } from "#components/shell/audit-trail.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { ReplayDto } from "#server/contract/replays.ts";
import { SelectionLabel } from "./selection-label.tsx";

/** What was asked for, by whom and why, as it was asked. */
export function ReplayAsAsked({ replay }: { replay: ReplayDto }) {
  const t = useTranslations("replays.asked");
  const options = useTranslations("replays.options");
  const format = useFormat();
  const { by, reason, createdAt, rule, view, selection, upTo, newer, options: asked } = replay;
  return (
    <section aria-labelledby="replay-asked" className="border-line border-t px-3 py-3 md:px-4">
      <h2 id="replay-asked" className="mb-2 font-medium text-sm">
        {t("title")}
      </h2>
      <dl className="grid max-w-5xl gap-x-6 gap-y-1.5 text-sm sm:grid-cols-[8rem_minmax(0,1fr)] xl:grid-cols-[8rem_minmax(0,1fr)_8rem_minmax(0,1fr)]">
        <Row label={t("who")}>
          {rule === null ? by : t("rule", { name: rule.name })} · <Timestamp at={createdAt} shape="minute" />
        </Row>
        <Row label={t("why")}>
          <span className="wrap-anywhere">{reason === "" ? "–" : reason}</span>
        </Row>
        <Row label={t("what")}>
          <SelectionLabel selection={selection} />
          {selection.kind === "letters" ? null : (
            <span className="block text-ink-muted text-xs">{t("cutOff", { upTo, newer })}</span>
          )}
        </Row>
        <Row label={options("to")}>
          {options(`targets.${asked.to}`)}
          <span className="block text-ink-muted text-xs">{options(`retriesNames.${asked.retries}`)}</span>
        </Row>
        <Row label={t("carefully")}>
          {t("carefulness", {
            canary: asked.canary,
            share: asked.stop === null ? "none" : format.percent(asked.stop.share),
            from: asked.stop?.minEnded ?? 0,
          })}
        </Row>
        <Row label={t("speed")}>
          {t("pace", {
            rate: asked.ratePerSecond === null ? "none" : format.number(asked.ratePerSecond),
            count: asked.concurrency,
            duration: format.duration(asked.unknownAfterSeconds * 1000),
          })}
        </Row>
        {view === null ? null : (
          <Row label={t("view")}>
            {view.startsWith("/") ? (
              <a href={view} className="wrap-anywhere text-accent text-xs hover:underline">
                {view}
              </a>
            ) : (
              <span className="wrap-anywhere text-xs">{view}</span>
            )}
          </Row>
        )}
      </dl>
      {asked.edit === null ? null : (
        <details className="mt-2 max-w-5xl">
          <summary className="cursor-pointer text-sm hover:underline">
            {t(`edits.${asked.edit.kind}`)}
          </summary>
          <div className="mt-2 flex h-64 flex-col overflow-hidden rounded-md border border-line">
            <JsonViewer text={asked.edit.text} label={t(`edits.${asked.edit.kind}`)} />
          </div>
        </details>
      )}
      <h2 className="mt-4 mb-2 font-medium text-sm">{t("done")}</h2>
      <div className="max-w-2xl">
        <AuditTrail subject={`replay:${replay.id}`} topic="replays" />
      </div>
    </section>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted text-xs sm:pt-0.5">{label}</dt>
      <dd className="min-w-0 max-sm:mb-1">{children}</dd>
    </>
  );
}
