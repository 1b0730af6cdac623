"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { EventSchemaDto } from "#server/contract/event-schema.ts";

type VersionedPayloadProps = {
  /** The payload as it was stored. */
  text: string;
  label: string;
  upcast: NonNullable<EventSchemaDto["upcast"]>;
};

/** A JSON payload of an older version: as it was stored, and as the newest version has it. */
export function VersionedPayload({ text, label, upcast }: VersionedPayloadProps) {
  const t = useTranslations("event.schema");
  const [view, setView] = useState<"original" | "upcast">("original");
  const isUpcast = upcast.kind === "upcast" && view === "upcast";
  return (
    <div className="flex h-full min-h-0 flex-col">
      {upcast.kind === "failed" ? (
        <p className="flex shrink-0 gap-2 border-warn border-b bg-warn-soft px-3 py-1.5 text-warn-ink text-xs md:px-4">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="wrap-anywhere">{t("upcastFailed", { to: upcast.to, reason: upcast.reason })}</span>
        </p>
      ) : (
        <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-2 py-1">
          <SegmentedControl
            label={t("view")}
            value={view}
            onValueChange={setView}
            options={[
              { value: "original", label: t("original", { version: upcast.from }) },
              { value: "upcast", label: t("upcast", { version: upcast.to }) },
            ]}
          />
          {isUpcast ? (
            <p className="min-w-0 text-ink-muted text-xs">
              {t("upcastNote", { from: upcast.from, to: upcast.to })}
            </p>
          ) : null}
        </div>
      )}
      <JsonViewer key={view} text={isUpcast ? upcast.text : text} isDerived={isUpcast} label={label} />
    </div>
  );
}
