"use client";

import { Ellipsis, Link2, SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { copyText } from "#components/ui/copy-text.ts";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { EventDetailDto } from "#server/contract/events.ts";
import { curlForEnvelope } from "#server/domain/envelope/write-envelope.ts";
import { type SimilarBy, similarFilters } from "./attributes.ts";
import { downloadPayload } from "./payload-download.tsx";

type EventActionsProps = {
  event: EventDetailDto;
  /** The address that shows a colleague what is on this screen. */
  linkToView: () => string;
  /** The address of a list of the events that have the same value. */
  hrefOfSimilar: (event: EventDetailDto, by: SimilarBy, value: string) => string;
};

/** What can be done with an event that is open: take it away in one form or another, or look for its like. */
export function EventActions({ event, linkToView, hrefOfSimilar }: EventActionsProps) {
  const t = useTranslations("event.actions");
  const router = useRouter();
  return (
    <>
      <CopyButton size="md" icon={Link2} label={t("copyLink")} text={linkToView} />
      <CopyButton
        size="md"
        icon={SquareTerminal}
        label={t("copyCurl")}
        text={() => curlForEnvelope(event.envelope, `${location.origin}/api/v1/events`)}
      />
      <DropdownMenu
        trigger={<IconButton label={t("more")} icon={<Ellipsis aria-hidden className="size-4" />} />}
      >
        <CopyItem text={event.envelope}>{t("copyEnvelope")}</CopyItem>
        <CopyItem text={event.id}>{t("copyId")}</CopyItem>
        {event.data.encoding === "none" ? null : (
          <MenuItem onSelect={() => downloadPayload(event)}>{t("downloadPayload")}</MenuItem>
        )}
        <MenuSeparator />
        <MenuLabel>{t("showSame")}</MenuLabel>
        {similarFilters(event).map(({ by, value }) => (
          <MenuItem key={by} onSelect={() => router.push(hrefOfSimilar(event, by, value))}>
            {t(`same.${by}`)}
          </MenuItem>
        ))}
      </DropdownMenu>
    </>
  );
}

function CopyItem({ text, children }: { text: string; children: string }) {
  const t = useTranslations("common");
  const copy = async () => {
    const isCopied = await copyText(text);
    showToast({ title: isCopied ? t("copied") : t("copyFailed"), tone: isCopied ? "ok" : "danger" });
  };
  return <MenuItem onSelect={() => void copy()}>{children}</MenuItem>;
}
