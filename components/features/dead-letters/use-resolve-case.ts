"use client";

import { useTranslations } from "next-intl";
import { showToast } from "#components/ui/toast-store.ts";
import { useErrorWords } from "#components/ui/use-error-words.ts";
import type { CaseDetailDto, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { type CaseCommand, useCommandCase } from "./case-queries.ts";

type Subject = Pick<FailureCaseDto, "id" | "status">;

/** Resolves and reopens, unmutes, without asking: each is taken back by the other, which the toast offers. */
export function useResolveCase(onDone: (failureCase: CaseDetailDto) => void) {
  const t = useTranslations("deadLetters.resolve");
  const errorWords = useErrorWords();
  const command = useCommandCase();
  const send = (id: number, kind: "resolve" | "reopen" | "unmute") => {
    const sent: CaseCommand = { kind };
    command.mutate(
      { id, command: sent },
      {
        onSuccess: (answer) => {
          onDone(answer);
          showToast({
            title: t(`${kind}.done`, { id }),
            tone: "ok",
            ...(kind === "resolve" && { action: { label: t("undo"), run: () => send(id, "reopen") } }),
          });
        },
        onError: (error) => showToast({ title: t("failed"), description: errorWords(error), tone: "danger" }),
      },
    );
  };
  return {
    isPending: command.isPending,
    /** A resolved case is opened again; any other is resolved. */
    toggle: ({ id, status }: Subject) => send(id, status === "resolved" ? "reopen" : "resolve"),
    unmute: ({ id }: Subject) => send(id, "unmute"),
  };
}
