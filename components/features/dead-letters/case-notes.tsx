"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { CaseDetailDto } from "#server/contract/failure-cases.ts";
import { CASE_LIMITS } from "#server/domain/failures/failure-case.ts";
import { useCommandCase } from "./case-queries.ts";

/** What people found out about a case. Notes stay, whatever becomes of it. */
export function CaseNotes({ failureCase: { id, notes } }: { failureCase: CaseDetailDto }) {
  const t = useTranslations("deadLetters.notes");
  const [text, setText] = useState("");
  const command = useCommandCase();
  const add = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === "" || command.isPending) return;
    command.mutate(
      { id, command: { kind: "note", text: text.trim() } },
      // What is typed is kept until it is stored.
      { onSuccess: () => setText("") },
    );
  };
  return (
    <div className="flex flex-col gap-3">
      {notes.length === 0 ? null : (
        <ol aria-label={t("label")} className="flex flex-col gap-2">
          {notes.map((note) => (
            <li key={`${note.at} ${note.text}`} className="rounded-md bg-sunken px-2.5 py-2 text-sm">
              <p className="mb-0.5 text-2xs text-ink-faint">
                {note.by} · <Timestamp at={note.at} shape="minute" />
              </p>
              <p className="wrap-anywhere whitespace-pre-wrap">{note.text}</p>
            </li>
          ))}
        </ol>
      )}
      <form onSubmit={add} className="flex flex-col gap-1.5">
        <TextArea
          aria-label={t("new")}
          placeholder={t("placeholder")}
          rows={2}
          value={text}
          maxLength={CASE_LIMITS.note}
          className="w-full font-sans! text-sm!"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) add();
          }}
        />
        <Button
          type="submit"
          size="sm"
          disabled={text.trim() === ""}
          isBusy={command.isPending}
          className="self-end"
        >
          {t("add")}
        </Button>
      </form>
      {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
    </div>
  );
}
