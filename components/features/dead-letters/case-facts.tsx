"use client";

import { ExternalLink, Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { consumerHref, schemaHref } from "#components/shell/destinations.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { CaseDetailDto } from "#server/contract/failure-cases.ts";
import { OwnerDialog } from "./owner-dialog.tsx";
import { TicketDialog } from "./ticket-dialog.tsx";

type CaseFactsProps = { failureCase: CaseDetailDto };

/** Who has a case, since when there is one, and how its letters stand. */
export function CaseFacts({ failureCase }: CaseFactsProps) {
  const t = useTranslations("deadLetters.case");
  const statuses = useTranslations("deadLetters.letter.statuses");
  const format = useFormat();
  const [asked, setAsked] = useState<"owner" | "ticket" | null>(null);
  const { consumer, type, owner, ticketUrl, letters, statusBy, statusAt, mutedUntil } = failureCase;
  const close = () => setAsked(null);
  return (
    <>
      <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-sm [&>dt]:text-ink-faint [&>dt]:text-xs [&>dt]:leading-6">
        <dt>{t("owner")}</dt>
        <Editable label={t("editOwner")} onEdit={() => setAsked("owner")}>
          {owner ?? <span className="text-ink-faint">{t("nobody")}</span>}
        </Editable>
        <dt>{t("ticket")}</dt>
        <Editable label={t("editTicket")} onEdit={() => setAsked("ticket")}>
          {ticketUrl === null ? (
            <span className="text-ink-faint">{t("noTicket")}</span>
          ) : (
            <a
              href={ticketUrl}
              target="_blank"
              rel="noreferrer"
              title={ticketUrl}
              className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
            >
              <span className="truncate">{shortTicket(ticketUrl)}</span>
              <ExternalLink aria-hidden className="size-3 shrink-0" />
            </a>
          )}
        </Editable>
        {statusAt === null ? null : (
          <>
            <dt>{t("standing")}</dt>
            <dd className="leading-6">
              {t.rich("standingSince", {
                status: t(`statuses.${failureCase.status}`),
                by: statusBy ?? t("somebody"),
                time: () => <Timestamp at={statusAt} shape="relative" />,
              })}
              {mutedUntil === null ? null : (
                <span className="block text-ink-muted text-xs">
                  {t("mutedUntil", { time: format.minute(mutedUntil) })}
                </span>
              )}
            </dd>
          </>
        )}
        <dt>{t("letters")}</dt>
        <dd className="leading-6">
          {(["parked", "replaying", "resolved", "discarded"] as const).map((status) =>
            letters[status] === 0 && status !== "parked" ? null : (
              <span key={status} className="mr-3 whitespace-nowrap">
                <span className="font-medium tabular-nums">{format.number(letters[status])}</span>{" "}
                <span className="text-ink-muted text-xs">{statuses(status)}</span>
              </span>
            ),
          )}
        </dd>
        <dt>{t("deaths")}</dt>
        <dd className="leading-6">{format.number(failureCase.deaths)}</dd>
        <dt>{t("firstSeen")}</dt>
        <dd className="leading-6">
          <Timestamp at={failureCase.firstSeenAt} shape="minute" />
        </dd>
        <dt>{t("lastSeen")}</dt>
        <dd className="leading-6">
          <Timestamp at={failureCase.lastSeenAt} shape="relative" />
        </dd>
        <dt>{t("consumer")}</dt>
        <dd className="min-w-0 leading-6">
          <Link
            href={consumerHref(consumer)}
            className="inline-flex max-w-full items-center gap-1.5 text-accent hover:underline"
          >
            <NodeIcon kind="consumer" />
            <span className="truncate">{consumer}</span>
          </Link>
        </dd>
        <dt>{t("type")}</dt>
        <dd className="min-w-0 leading-6">
          <Link
            href={schemaHref(type)}
            className="wrap-anywhere font-mono text-accent text-xs hover:underline"
          >
            {type}
          </Link>
        </dd>
      </dl>
      {asked === "owner" ? <OwnerDialog failureCase={failureCase} onDone={() => {}} onClose={close} /> : null}
      {asked === "ticket" ? <TicketDialog failureCase={failureCase} onClose={close} /> : null}
    </>
  );
}

/** The end of an address says which ticket it is: `SHOP-412`. */
function shortTicket(url: string): string {
  const path = URL.parse(url)?.pathname.replace(/\/+$/, "") ?? "";
  return decodeURI(path.split("/").at(-1) ?? "") || url.replace(/^https?:\/\//, "");
}

type EditableProps = { label: string; onEdit: () => void; children: ReactNode };

function Editable({ label, onEdit, children }: EditableProps) {
  return (
    <dd className="flex min-w-0 items-center gap-1">
      <span className="min-w-0 truncate">{children}</span>
      <IconButton
        size="sm"
        label={label}
        icon={<Pencil aria-hidden className="size-3.5" />}
        onClick={onEdit}
      />
    </dd>
  );
}
