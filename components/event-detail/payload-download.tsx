"use client";

import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "#components/ui/icon-button.tsx";
import { saveContent } from "#components/ui/save-file.ts";
import type { EventDetailDto } from "#server/contract/events.ts";
import { toPayloadFile } from "./payload-file.ts";

/** Saves the payload of an event, byte by byte as it came in. */
export function PayloadDownload({ event }: { event: EventDetailDto }) {
  const t = useTranslations("event.payload");
  return (
    <IconButton
      size="sm"
      label={t("download")}
      icon={<Download aria-hidden className="size-3.5" />}
      onClick={() => downloadPayload(event)}
    />
  );
}

export function downloadPayload(event: EventDetailDto): void {
  const { name, type, content } = toPayloadFile(event);
  saveContent(content, { name, type });
}
