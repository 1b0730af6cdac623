"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, ChevronDown, RotateCcw, SkipForward, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { Button } from "#components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuSeparator } from "#components/ui/dropdown-menu.tsx";
import type { ProcessTraceDto, RunActionOfferDto } from "#server/contract/processes.ts";
import { RunActionDialog } from "./run-action-dialog.tsx";
import { listActs, RunActs } from "./run-acts.tsx";
import { type RunReference, runQueries } from "./run-queries.ts";
import { RunStatusBadge } from "./run-status-badge.tsx";

const ICONS = { retry: RotateCcw, skip: SkipForward, compensate: Undo2, cancel: Ban } as const;
/** Every run of every process is told of under one topic. */
const FOLD_MS = 2_000;

/** What a person can do about a run of a declared process as it stands, and what people have done. */
export function RunActions({ process, id }: RunReference) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<RunActionOfferDto | null>(null);
  const { data: run } = useQuery(runQueries.one(id));
  useLiveTopic(
    "processes",
    () => client.invalidateQueries({ queryKey: runQueries.one(id).queryKey }),
    FOLD_MS,
  );
  return (
    <>
      {run === undefined ? null : <ActionMenu run={run} onAsk={setAsked} />}
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

type ActionMenuProps = { run: ProcessTraceDto; onAsk: (offer: RunActionOfferDto) => void };

/** What can be done, and what was done by people. A run that ended by itself has neither. */
function ActionMenu({ run, onAsk }: ActionMenuProps) {
  const t = useTranslations("runActions");
  const isOpen = run.endedAt === null;
  const acts = listActs(run);
  if (!isOpen && acts.length === 0) return null;
  return (
    <DropdownMenu
      trigger={
        <Button>
          {isOpen ? t("open") : t("acts")}
          <ChevronDown aria-hidden className="size-3.5 text-ink-faint" />
        </Button>
      }
    >
      <p className="flex items-center gap-2 px-2 py-1 text-xs">
        <span className="wrap-anywhere text-ink-muted">{run.process}</span>
        <RunStatusBadge status={run.status} />
      </p>
      {isOpen
        ? run.actions.map((offer) => <Offer key={offer.action} offer={offer} onAsk={() => onAsk(offer)} />)
        : null}
      {acts.length === 0 ? null : (
        <>
          <MenuSeparator />
          <RunActs acts={acts} />
        </>
      )}
    </DropdownMenu>
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
