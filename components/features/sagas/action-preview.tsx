"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ActionPreviewDto, CommandLetterDto, RunActionOfferDto } from "#server/contract/processes.ts";
import { CommandLetters } from "./command-letters.tsx";
import { RunStatusBadge } from "./run-status-badge.tsx";

type ActionPreviewProps = {
  action: RunActionOfferDto["action"];
  preview: ActionPreviewDto;
  letters: readonly CommandLetterDto[];
};

/** What would happen, in the order in which it would: what is sent, what is taken back, what stays, where it ends. */
export function ActionPreview({ action, preview, letters }: ActionPreviewProps) {
  const t = useTranslations("runActions.preview");
  const { commands, compensations, staysDone, replyReaders, warnings, says, from, to } = preview;
  return (
    <section
      aria-label={t("title")}
      className="flex flex-col gap-2 rounded-md border border-line-strong bg-sunken p-2.5 text-sm"
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{t("title")}</span>
        {from === to ? (
          <span className="text-ink-muted text-xs">{t("remains")}</span>
        ) : (
          <span className="text-ink-muted text-xs">{t("turns")}</span>
        )}
        <RunStatusBadge status={to} />
      </p>
      <Part title={t("changes")} isShown={action !== "compensate" && preview.changes.length > 0}>
        {preview.changes.map(({ step, from: before, to: after }) => (
          <li key={step}>
            <Name>{step}</Name> <Change before={before} after={after} />
          </li>
        ))}
      </Part>
      <Part title={t("sends")} isShown={commands.length > 0}>
        {commands.map((command) => (
          <Command key={command.id} {...command} />
        ))}
      </Part>
      <Part title={t("takesBack")} isShown={compensations.length > 0} isOrdered>
        {compensations.map(({ step, command }) => (
          <li key={step}>
            <Name>{step}</Name> {t("by", { command })}
          </li>
        ))}
      </Part>
      <Part title={t("staysDone")} isShown={staysDone.length > 0}>
        {staysDone.map(({ step, isCertain }) => (
          <li key={step}>
            <Name>{step}</Name> {isCertain ? t("isDone") : t("mayBeDone")}
          </li>
        ))}
      </Part>
      <Part title={t("readers")} isShown={replyReaders.length > 0}>
        {replyReaders.map(({ kind, name }) => (
          <li key={`${kind}/${name}`}>
            <Name>{name}</Name> {t(`readerKinds.${kind}`)}
          </li>
        ))}
      </Part>
      {says === null ? null : <p className="text-ink-muted text-xs">{t("says", { type: says })}</p>}
      {letters.length === 0 ? null : <CommandLetters action={action} letters={letters} />}
      {warnings.length === 0 ? null : (
        <ul aria-label={t("warnings.label")} className="flex flex-col gap-1 border-line border-t pt-2">
          {warnings.map(({ code, step }) => (
            <li key={`${code}/${step}`} className="flex gap-1.5 text-warn-ink text-xs">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              <span>{t(`warnings.${code}`, { step })}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

type PartProps = { title: string; isShown: boolean; isOrdered?: boolean; children: ReactNode };

function Part({ title, isShown, isOrdered = false, children }: PartProps) {
  if (!isShown) return null;
  const List = isOrdered ? "ol" : "ul";
  return (
    <div>
      <p className="text-ink-muted text-xs">{title}</p>
      <List
        aria-label={title}
        className={
          isOrdered ? "list-decimal pl-5 marker:text-ink-faint" : "list-disc pl-5 marker:text-ink-faint"
        }
      >
        {children}
      </List>
    </div>
  );
}

function Change({
  before,
  after,
}: {
  before: ActionPreviewDto["changes"][number]["from"];
  after: ActionPreviewDto["changes"][number]["to"];
}) {
  const t = useTranslations("runActions.preview");
  const states = useTranslations("runActions.steps");
  if (before === null) return t("begins", { state: states(after) });
  if (before === after) return t("anew", { state: states(after) });
  return t("change", { before: states(before), after: states(after) });
}

function Name({ children }: { children: ReactNode }) {
  return <span className="wrap-anywhere font-medium">{children}</span>;
}

function Command({ type, step, timeoutMs, retriesLeft }: ActionPreviewDto["commands"][number]) {
  const t = useTranslations("runActions.preview");
  const format = useFormat();
  return (
    <li>
      <span className="wrap-anywhere font-mono text-xs">{type}</span>{" "}
      <span className="text-ink-muted text-xs">
        {t("patience", { step, timeout: format.duration(timeoutMs), retries: retriesLeft })}
      </span>
    </li>
  );
}
