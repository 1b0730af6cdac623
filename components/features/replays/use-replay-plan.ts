"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useSettled } from "#components/ui/use-settled.ts";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import type { ReadEdit } from "./edit-draft.ts";
import { defaultCanary, readReplayDraft } from "./replay-draft.ts";
import { type ReplayRequest, replayQueries } from "./replay-queries.ts";
import type { useReplayDraft } from "./use-replay-draft.ts";

/** Long enough to type a number, short enough not to be waited for. */
const TYPING_MS = 400;

type PlanInput = Pick<ReturnType<typeof useReplayDraft>, "draft" | "upTo" | "change"> & {
  selection: LetterSelection;
  edit: ReadEdit;
};

export type PlanState = ReturnType<typeof useReplayPlan>;

/**
 * Asks what a replay would do whenever its options have changed. The first answer freezes the selection: its cut-off
 * goes into the address, and with it how many are tried first, so that a link shows the same plan.
 */
export function useReplayPlan({ selection: named, draft, upTo, change, edit }: PlanInput) {
  const client = useQueryClient();
  const selection = cutOff(named, upTo);
  const typed = { ...draft, canary: draft.canary ?? "0" };
  const read = readReplayDraft(typed, edit.kind === "valid" ? edit.edit : null);
  const request: ReplayRequest | null = read.kind === "valid" ? { selection, options: read.options } : null;
  const wanted = request === null ? null : JSON.stringify(request);
  const settled = useSettled(wanted, TYPING_MS);
  // The text is what was written above: it reads as what it was.
  const asked = useMemo(() => (settled === null ? null : (JSON.parse(settled) as ReplayRequest)), [settled]);
  const plan = useQuery(replayQueries.plan(asked));

  const answered = plan.isPlaceholderData ? undefined : plan.data;
  const isOpenEnded = selection.kind !== "letters" && selection.upTo === undefined;
  const isFrozen = !isOpenEnded && draft.canary !== null;
  useEffect(() => {
    if (answered === undefined || isFrozen || asked === null || settled !== wanted) return;
    const frozen = {
      upTo: isOpenEnded ? answered.upTo : upTo,
      canary: draft.canary ?? String(defaultCanary(answered.included)),
    };
    const next = readReplayDraft({ ...draft, canary: frozen.canary }, asked.options.edit);
    if (next.kind === "valid") {
      // The same set, and a canary changes nothing of the plan: it need not be asked for again.
      const { queryKey } = replayQueries.plan({
        selection: cutOff(named, frozen.upTo),
        options: next.options,
      });
      client.setQueryData(queryKey, answered);
    }
    void change(frozen);
  }, [answered, isFrozen, isOpenEnded, asked, settled, wanted, upTo, draft, named, client, change]);

  const isCurrent = answered !== undefined && settled === wanted && isFrozen && !plan.isError;
  return {
    /** The newest plan; it may be of what was asked for before. */
    plan: plan.data,
    query: plan,
    problems: read.kind === "invalid" ? read.problems : [],
    /** Exactly what the plan says, once nothing has changed since; null until then. */
    planned: isCurrent && edit.kind === "valid" ? asked : null,
    /** What stands in the form; null while something is wrong with it. */
    request: edit.kind === "valid" ? request : null,
    isFrozen,
  };
}

/** The same selection with another cut-off, or with none. */
function cutOff(selection: LetterSelection, upTo: string | null): LetterSelection {
  if (selection.kind === "letters") return selection;
  const { upTo: _, ...rest } = selection;
  return upTo === null ? rest : { ...rest, upTo };
}
