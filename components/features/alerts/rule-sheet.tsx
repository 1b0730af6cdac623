"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { focusFirstInvalid } from "#components/ui/focus-first-invalid.ts";
import { Sheet } from "#components/ui/sheet.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { AlertPreviewDto, AlertRuleDto, AlertRuleInput } from "#server/contract/alerts.ts";
import { alertQueries, usePreviewRule, useSaveRule } from "./alert-queries.ts";
import { readRule } from "./read-rule.ts";
import type { RuleDraft } from "./rule-draft.ts";
import { RuleFields } from "./rule-fields.tsx";
import { RulePreview } from "./rule-preview.tsx";

type RuleSheetProps = {
  /** Null for a new rule. */
  rule: AlertRuleDto | null;
  initial: RuleDraft;
  onClose: () => void;
};
type Tried = { draft: RuleDraft; rule: AlertRuleInput; answer: AlertPreviewDto };

/** The form of a rule, which can be tried on last week before it wakes anybody. */
export function RuleSheet({ rule, initial, onClose }: RuleSheetProps) {
  const t = useTranslations("alerts.form");
  const destinations = useQuery(alertQueries.destinations());
  const [draft, setDraft] = useState(initial);
  const [isRead, setIsRead] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const preview = usePreviewRule();
  const save = useSaveRule();
  const form = useRef<HTMLDivElement>(null);
  const rules = useQuery(alertQueries.rules()).data?.rules ?? [];
  const others = rules.flatMap(({ id, name }) => (id === rule?.id ? [] : [name]));
  const read = readRule(draft, rule?.isOn ?? true, others);
  const shown = tried?.draft === draft ? tried : null;

  const showProblems = () => {
    setIsRead(true);
    focusFirstInvalid(form.current);
  };
  const tryIt = () => {
    // What it is called, and what there is to read about it, plays no part in when it fires.
    const unnamed = readRule({ ...draft, name: "–", note: "", runbook: "" }, true);
    if (unnamed.kind === "invalid") {
      showProblems();
      return;
    }
    preview.mutate(unnamed.rule, {
      onSuccess: (answer) => setTried({ draft, rule: unnamed.rule, answer }),
    });
  };
  const saveIt = (isOn: boolean) => {
    const whole = readRule(draft, isOn, others);
    if (whole.kind === "invalid") {
      showProblems();
      return;
    }
    save.mutate(
      { known: rule, rule: whole.rule },
      {
        onSuccess: ({ name }) => {
          showToast({ title: t(isOn ? "savedOn" : "savedOff", { name }), tone: "ok" });
          onClose();
        },
      },
    );
  };
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={rule === null ? t("newTitle") : t("editTitle", { name: rule.name })}
      isForm
      className="w-3xl"
    >
      <div className="flex min-h-full flex-col">
        <div ref={form} className="flex flex-1 flex-col gap-4 p-4">
          <RuleFields
            draft={draft}
            problems={isRead && read.kind === "invalid" ? read.problems : []}
            change={(next) => setDraft({ ...draft, ...next })}
            destinations={destinations.data?.destinations ?? []}
          />
        </div>
        <footer className="sticky bottom-0 flex max-h-[60vh] flex-col gap-2 overflow-y-auto border-line border-t bg-surface px-4 py-3">
          {shown === null ? null : <RulePreview preview={shown.answer} condition={shown.rule.condition} />}
          {preview.isError ? <ErrorNotice title={t("previewFailed")} error={preview.error} /> : null}
          {save.isError ? <ErrorNotice title={t("saveFailed")} error={save.error} /> : null}
          <div className="flex flex-wrap items-center justify-end gap-2">
            <Button isBusy={preview.isPending} onClick={tryIt}>
              {t("preview")}
            </Button>
            <Button isBusy={save.isPending && !save.variables.rule.isOn} onClick={() => saveIt(false)}>
              {t("saveOff")}
            </Button>
            <Button
              variant="primary"
              isBusy={save.isPending && save.variables.rule.isOn}
              onClick={() => saveIt(true)}
            >
              {t("saveOn")}
            </Button>
          </div>
        </footer>
      </div>
    </Sheet>
  );
}
