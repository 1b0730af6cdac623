"use client";

import { useTranslations } from "next-intl";
import { JsonViewer } from "#components/ui/json-viewer.tsx";
import type { LetterDetailDto } from "#server/contract/dead-letters.ts";

/** The payload of a letter as the event carries it. Bytes are shown on the page of the event. */
export function LetterPayload({ letter: { data } }: { letter: Pick<LetterDetailDto, "data"> }) {
  const t = useTranslations("deadLetters.letter");
  const event = useTranslations("event.payload");
  switch (data.encoding) {
    case "json":
      return <JsonViewer text={data.text} label={event("label")} className="h-full" />;
    case "text":
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="h-full overflow-auto whitespace-pre-wrap break-words px-3 py-2 font-mono text-xs -outline-offset-2"
        >
          {data.text}
        </pre>
      );
    case "base64":
      return <p className="p-3 text-ink-muted text-sm">{t("binary")}</p>;
    case "none":
      return <p className="p-3 text-ink-muted text-sm">{event("none")}</p>;
  }
}
