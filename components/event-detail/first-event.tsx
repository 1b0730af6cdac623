"use client";

import { Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { firstEventCommand } from "./first-event-command.ts";

const subscribeToNothing = () => () => {};

/** What an empty store shows: how to send the first event, from where the reader is. */
export function FirstEvent() {
  const t = useTranslations("event.first");
  const origin = useSyncExternalStore(
    subscribeToNothing,
    () => location.origin,
    () => "",
  );
  return (
    <EmptyState title={t("title")} icon={<Send />}>
      <p className="mb-3">{t("body")}</p>
      <CodeBlock code={firstEventCommand(origin)} copyLabel={t("copyCommand")} />
      <p className="mt-3">
        {t.rich("more", {
          docs: (words) => (
            <a href="/api/docs" className="text-accent hover:underline">
              {words}
            </a>
          ),
        })}
      </p>
    </EmptyState>
  );
}
