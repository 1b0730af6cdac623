"use client";

import { FileQuestion } from "lucide-react";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import type { EventDetailDto, EventViewDto } from "#server/contract/events.ts";
import { BinaryPayload } from "./binary-payload.tsx";
import { PayloadDownload } from "./payload-download.tsx";
import { VersionedPayload } from "./versioned-payload.tsx";

/** The payload of an event as it came in: JSON laid out, text as it is, bytes as hexadecimal and base64. */
export function PayloadView({ event }: { event: EventViewDto }) {
  const t = useTranslations("event.payload");
  const { data, schema } = event;
  switch (data.encoding) {
    case "json":
      return schema.upcast === null ? (
        <JsonViewer text={data.text} label={t("label")} className="h-full" />
      ) : (
        <VersionedPayload key={event.position} text={data.text} label={t("label")} upcast={schema.upcast} />
      );
    case "text":
      return <TextPayload event={event} />;
    case "base64":
      return <BinaryPayload event={event} />;
    case "none":
      return (
        <EmptyState title={t("none")} icon={<FileQuestion />}>
          {t("noneHint")}
        </EmptyState>
      );
  }
}

function TextPayload({ event }: { event: EventDetailDto }) {
  const t = useTranslations("event.payload");
  const format = useFormat();
  return (
    <section aria-label={t("label")} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-line border-b px-3 py-1 text-ink-muted text-xs md:px-4">
        <span className="min-w-0 truncate font-mono">{event.dataContentType ?? t("noContentType")}</span>
        <span className="whitespace-nowrap">{format.bytes(event.dataBytes)}</span>
        <span className="flex-1" />
        <CopyButton text={event.data.text} />
        <PayloadDownload event={event} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto whitespace-pre-wrap break-words px-3 py-2 font-mono text-xs -outline-offset-2 [tab-size:4] md:px-4"
      >
        {event.data.text}
      </pre>
    </section>
  );
}
