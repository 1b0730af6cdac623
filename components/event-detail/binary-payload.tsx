"use client";

import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { EventDetailDto } from "#server/contract/events.ts";
import { decodeBase64, toHexLines } from "./hex-dump.ts";
import { PayloadDownload } from "./payload-download.tsx";

/** More than this nobody reads as hexadecimal; the rest is in the download. */
const MAX_SHOWN_BYTES = 16 * 1024;

/** A payload that is neither JSON nor text. */
export function BinaryPayload({ event }: { event: EventDetailDto }) {
  const t = useTranslations("event.payload");
  const format = useFormat();
  const [shape, setShape] = useState<"hex" | "base64">("hex");
  const bytes = useMemo(() => decodeBase64(event.data.text), [event.data.text]);
  const isCut = shape === "hex" && bytes.length > MAX_SHOWN_BYTES;
  return (
    <section aria-label={t("label")} className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-line border-b px-2 py-1 text-ink-muted text-xs">
        <SegmentedControl
          label={t("shape")}
          value={shape}
          onValueChange={setShape}
          options={[
            { value: "hex", label: t("hex") },
            { value: "base64", label: t("base64") },
          ]}
        />
        <span className="min-w-0 truncate font-mono max-sm:hidden">
          {event.dataContentType ?? t("noContentType")}
        </span>
        <span className="whitespace-nowrap">{format.bytes(event.dataBytes)}</span>
        <span className="flex-1" />
        <CopyButton text={event.data.text} label={t("copyBase64")} />
        <PayloadDownload event={event} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-auto px-3 py-2 -outline-offset-2 md:px-4">
        {shape === "hex" ? (
          <HexDump bytes={bytes.subarray(0, MAX_SHOWN_BYTES)} />
        ) : (
          <pre className="whitespace-pre-wrap break-all font-mono text-xs">{event.data.text}</pre>
        )}
      </div>
      {isCut ? (
        <p className="shrink-0 border-line border-t px-3 py-1 text-ink-muted text-xs md:px-4">
          {t("cut", { shown: format.bytes(MAX_SHOWN_BYTES), size: format.bytes(bytes.length) })}
        </p>
      ) : null}
    </section>
  );
}

function HexDump({ bytes }: { bytes: Uint8Array }) {
  const lines = useMemo(() => toHexLines(bytes), [bytes]);
  return (
    <pre className="w-max font-mono text-xs leading-5">
      {lines.map(({ offset, hex, characters }) => (
        <span key={offset} className="flex gap-4">
          <span className="select-none text-ink-faint">{offset}</span>
          <span className="w-[47ch]">{hex}</span>
          <span className="text-ink-muted">{characters}</span>
        </span>
      ))}
    </pre>
  );
}
