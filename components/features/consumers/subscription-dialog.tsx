"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { useOrigin } from "#components/lib/use-origin.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { ChannelDto } from "#server/contract/bus.ts";
import type { SubscriptionDto } from "#server/contract/subscriptions.ts";
import { usePutSubscription } from "./consumer-queries.ts";
import { DeliveryFields } from "./delivery-fields.tsx";
import { readDraft } from "./read-draft.ts";
import { RetryFields } from "./retry-fields.tsx";
import { SourceFields } from "./source-fields.tsx";
import { subscriptionCommand } from "./subscription-command.ts";
import { draftOf, EMPTY_DRAFT, losesHidden, type SubscriptionDraft } from "./subscription-draft.ts";
import { TargetFields } from "./target-fields.tsx";
import { useDraftProblems } from "./use-draft-problems.ts";

type SubscriptionDialogProps = {
  /** The one that is changed; null makes a new one. */
  subscription: SubscriptionDto | null;
  channels: readonly ChannelDto[];
  /** The names of all consumers. */
  names: readonly string[];
  onClose: () => void;
  onSaved?: (consumer: string) => void;
};

/** The form of a subscription, and the command that does the same. */
export function SubscriptionDialog(props: SubscriptionDialogProps) {
  const { subscription, channels, names, onClose, onSaved } = props;
  const t = useTranslations("consumers.form");
  const [initial] = useState(subscription);
  const [draft, setDraft] = useState<SubscriptionDraft>(() =>
    initial === null ? EMPTY_DRAFT : draftOf(initial),
  );
  const [isChecked, setIsChecked] = useState(false);
  const put = usePutSubscription();
  const origin = useOrigin();
  const form = useRef<HTMLFormElement>(null);
  const read = readDraft(draft, initial === null ? names : null);
  const problemOf = useDraftProblems(isChecked && read.kind === "invalid" ? read.problems : []);
  const change = (next: Partial<SubscriptionDraft>) => setDraft({ ...draft, ...next });
  const consumer = draft.consumer.trim();

  const save = () => {
    setIsChecked(true);
    if (read.kind === "invalid") {
      // The fields are marked by then.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
      return;
    }
    put.mutate(
      { consumer, body: read.body },
      {
        onSuccess: () => {
          showToast({ title: t(initial === null ? "created" : "changed", { consumer }), tone: "ok" });
          onClose();
          onSaved?.(consumer);
        },
      },
    );
  };
  const fields = { draft, change, problemOf, isNew: initial === null };

  return (
    <Dialog
      open
      isWide
      onOpenChange={onClose}
      title={initial === null ? t("createTitle") : t("editTitle", { consumer })}
      description={initial === null ? t("createBody") : undefined}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button variant="primary" isBusy={put.isPending} onClick={save}>
            {t(initial === null ? "create" : "save")}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        // What is wrong is said beside the fields, in the language of the console.
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <SourceFields {...fields} channels={channels} />
        <TargetFields {...fields} />
        {losesHidden(draft, initial) ? (
          <p className="rounded-md border border-warn bg-warn-soft p-2 text-warn-ink text-xs">
            {t("losesHidden")}
          </p>
        ) : null}
        {draft.targetKind === "external" ? null : (
          <>
            <DeliveryFields {...fields} />
            <RetryFields {...fields} />
          </>
        )}
        {/* Enter in a field saves; the buttons of the dialog stand outside of the form. */}
        <button type="submit" hidden />
        {put.isError ? <ErrorNotice title={t("failed")} error={put.error} /> : null}
        <details
          className="border-line border-t pt-3 text-sm"
          onToggle={(event) => event.currentTarget.scrollIntoView({ block: "nearest" })}
        >
          <summary className="cursor-pointer text-ink-muted text-xs hover:text-ink">{t("command")}</summary>
          <div className="mt-2">
            {read.kind === "valid" ? (
              <CodeBlock
                code={subscriptionCommand(origin, consumer, read.body)}
                copyLabel={t("copyCommand")}
              />
            ) : (
              <p className="text-ink-faint text-xs">{t("commandIncomplete")}</p>
            )}
          </div>
        </details>
      </form>
    </Dialog>
  );
}
