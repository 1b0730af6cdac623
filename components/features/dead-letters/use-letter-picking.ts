"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { MAX_LINKED_LETTERS } from "#components/lib/letter-selection.ts";
import { showToast } from "#components/ui/toast-store.ts";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { LetterFilter, LetterSelection } from "#server/contract/dead-letters.ts";
import { readLetterId } from "./letter-id.ts";
import { letterQueries } from "./letter-queries.ts";
import { NO_TICKS, tick, tickListed } from "./ticks.ts";

type Everything = { selection: LetterSelection; count: number; frozenAt: number };

export type LetterPicking = ReturnType<typeof useLetterPicking>;

/**
 * What is picked of a list: letters that were ticked, or everything that the filter takes, up to the letter that was
 * the newest when it was picked. Another filter lets go of everything.
 */
export function useLetterPicking(filter: LetterFilter, listed: readonly string[]) {
  const t = useTranslations("deadLetters.letters.selection");
  const errorWords = useErrorWords();
  const client = useQueryClient();
  const [ticks, setTicks] = useState(NO_TICKS);
  const [everything, setEverything] = useState<Everything | null>(null);
  const question = JSON.stringify(filter);
  const [pickedOf, setPickedOf] = useState(question);
  const clear = () => {
    setTicks(NO_TICKS);
    setEverything(null);
  };
  if (pickedOf !== question) {
    setPickedOf(question);
    clear();
  }

  const measure = useMutation({
    mutationFn: () => client.fetchQuery(letterQueries.measured("discard", { kind: "filter", filter })),
    onSuccess: ({ count, skipped, upTo }) => {
      setTicks(NO_TICKS);
      setEverything({
        selection: { kind: "filter", filter, upTo },
        count: count + skipped,
        frozenAt: Date.now(),
      });
    },
    onError: (error) =>
      showToast({ title: t("measureFailed"), description: errorWords(error), tone: "danger" }),
  });

  const letters = [...ticks.ids].flatMap((id) => readLetterId(id) ?? []);
  const ticked: LetterSelection | null = letters.length === 0 ? null : { kind: "letters", letters };
  return {
    selection: everything?.selection ?? ticked,
    count: everything?.count ?? letters.length,
    /** When everything was picked; null for letters that were ticked. */
    frozenAt: everything?.frozenAt ?? null,
    /** No more can be ticked. */
    isFull: everything === null && letters.length >= MAX_LINKED_LETTERS,
    isTicked: (id: string) => everything !== null || ticks.ids.has(id),
    tick: (id: string, isRange: boolean) => {
      setEverything(null);
      setTicks(
        tick(everything === null ? ticks : NO_TICKS, listed, id, { isRange, limit: MAX_LINKED_LETTERS }),
      );
    },
    tickListed: () => {
      setEverything(null);
      setTicks(tickListed(everything === null ? ticks : NO_TICKS, listed, MAX_LINKED_LETTERS));
    },
    pickEverything: () => measure.mutate(),
    isMeasuring: measure.isPending,
    clear,
  };
}
