"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, ChevronDown, RotateCcw, SkipForward, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { Button } from "#components/ui/button.tsx";
import { DropdownMenu, MenuItem } from "#components/ui/dropdown-menu.tsx";
import type { RunActionOfferDto } from "#server/contract/processes.ts";
import { RunActionDialog } from "./run-action-dialog.tsx";
import { type RunReference, runQueries } from "./run-queries.ts";

const ICONS = { retry: RotateCcw, skip: SkipForward, compensate: Undo2, cancel: Ban } as const;
/** Every run of every process is told of under one topic. */
const FOLD_MS = 2_000;

/** What a person can do about a run of a declared process as it stands; nothing once it has ended. */
export function RunActions({ process, id }: RunReference) {
  const t = useTranslations("runActions");
  const client = useQueryClient();
  const [asked, setAsked] = useState<RunActionOfferDto | null>(null);
  const { data: run } = useQuery(runQueries.one(id));
  useLiveTopic(
    "processes",
    () => void client.invalidateQueries({ queryKey: runQueries.one(id).queryKey }),
    FOLD_MS,
  );
  const isOpen = run?.actions.some(({ refusal }) => refusal !== "ended") ?? false;
  return (
    <>
      {isOpen ? (
        <DropdownMenu
          trigger={
            <Button>
              {t("open")}
              <ChevronDown aria-hidden className="size-3.5 text-ink-faint" />
            </Button>
          }
        >
          {run?.actions.map((offer) => (
            <Offer key={offer.action} offer={offer} onAsk={() => setAsked(offer)} />
          ))}
        </DropdownMenu>
      ) : null}
      {asked === null ? null : (
        <RunActionDialog
          key={asked.action}
          run={{ process, id }}
          offer={asked}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Offer({ offer, onAsk }: { offer: RunActionOfferDto; onAsk: () => void }) {
  const t = useTranslations("runActions");
  const { action, refusal } = offer;
  const Icon = ICONS[action];
  return (
    <MenuItem
      icon={<Icon aria-hidden />}
      disabled={refusal !== null}
      isDangerous={action === "cancel" || action === "compensate"}
      onSelect={onAsk}
    >
      <span className="block">{t(`${action}.open`)}</span>
      {refusal === null ? null : (
        <span className="block max-w-64 text-ink-muted text-xs">{t(`refusals.${refusal}`)}</span>
      )}
    </MenuItem>
  );
}
