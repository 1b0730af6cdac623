"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { showToast } from "#components/ui/toast-store.ts";
import type { RuleDto, RuleSimulationDto } from "#server/contract/failure-rules.ts";
import { type RuleDraft, readRule } from "./rule-draft.ts";
import { RuleFields } from "./rule-fields.tsx";
import { useSaveRule, useSimulateRule } from "./rule-queries.ts";
import { RuleSimulation } from "./rule-simulation.tsx";

type RuleSheetProps = {
  /** Null for a new rule. */
  rule: RuleDto | null;
  initial: RuleDraft;
  onClose: () => void;
};
type Simulated = { draft: RuleDraft; answer: RuleSimulationDto };

/** The form of a rule. It is simulated before it can be switched on; it can be kept switched off without. */
export function RuleSheet({ rule, initial, onClose }: RuleSheetProps) {
  const t = useTranslations("failureRules.form");
  const [draft, setDraft] = useState(initial);
  const [isRead, setIsRead] = useState(false);
  const [simulated, setSimulated] = useState<Simulated | null>(null);
  const simulate = useSimulateRule();
  const save = useSaveRule();
  const answer = simulated?.draft === draft ? simulated.answer : null;
  const shown = readRule(draft, false);

  const tryIt = () => {
    setIsRead(true);
    if (shown.kind === "invalid") return;
    const body = { rule: shown.rule, ...(rule !== null && { id: rule.id }) };
    simulate.mutate(body, { onSuccess: (result) => setSimulated({ draft, answer: result }) });
  };
  const saveIt = (isOn: boolean) => {
    setIsRead(true);
    const read = readRule(draft, isOn);
    if (read.kind === "invalid") return;
    save.mutate(
      { id: rule?.id ?? null, rule: read.rule },
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
      className="w-3xl"
    >
      <div className="flex min-h-full flex-col">
        <div className="flex flex-1 flex-col gap-4 p-4">
          <RuleFields
            draft={draft}
            problems={isRead && shown.kind === "invalid" ? shown.problems : []}
            change={(next) => setDraft({ ...draft, ...next })}
          />
        </div>
        <footer className="sticky bottom-0 flex max-h-[60vh] flex-col gap-2 overflow-y-auto border-line border-t bg-surface px-4 py-3">
          {answer === null ? null : <RuleSimulation simulation={answer} />}
          {simulate.isError ? <ErrorNotice title={t("simulateFailed")} error={simulate.error} /> : null}
          {save.isError ? <ErrorNotice title={t("saveFailed")} error={save.error} /> : null}
          <div className="flex flex-wrap items-center justify-end gap-2">
            {answer === null ? <p className="mr-auto text-ink-faint text-xs">{t("simulateFirst")}</p> : null}
            <Button isBusy={simulate.isPending} onClick={tryIt}>
              {t("simulate")}
            </Button>
            <Button
              isBusy={save.isPending && save.variables.rule.isOn === false}
              onClick={() => saveIt(false)}
            >
              {t("saveOff")}
            </Button>
            <Button
              variant="primary"
              disabled={answer === null}
              isBusy={save.isPending && save.variables.rule.isOn === true}
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
