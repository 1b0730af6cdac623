"use client";

import { ArrowDown, ArrowUp, Pencil, Power, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { RuleDto } from "#server/contract/failure-rules.ts";
import { useDeleteRule, useSaveRule } from "./rule-queries.ts";
import { RuleActionWords, RuleConditionList } from "./rule-words.tsx";

type RuleItemProps = {
  rule: RuleDto;
  onEdit: () => void;
  /** Null where it can't go further. */
  onUp: (() => void) | null;
  onDown: (() => void) | null;
};

/** One rule: what it asks, what it does, what it did, and its place among the others. */
export function RuleItem({ rule, onEdit, onUp, onDown }: RuleItemProps) {
  const t = useTranslations("failureRules");
  const save = useSaveRule();
  const remove = useDeleteRule();
  const [isAsking, setIsAsking] = useState(false);
  const { id, name, isOn, conditions, action, perMinute, taken, actedAt, waiting } = rule;
  const switchOff = () =>
    save.mutate({ id, rule: { name, isOn: false, conditions, action, perMinute, takesParked: false } });
  const problem = save.error ?? remove.error;
  return (
    <li aria-label={name} className="flex flex-col gap-2 border-line border-b bg-surface px-3 py-4 md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="w-5 text-right font-mono text-ink-faint text-xs">{rule.place}</span>
        <h2 className="min-w-0 break-words font-medium">{name}</h2>
        <Badge tone={isOn ? "ok" : "neutral"}>{t(isOn ? "on" : "off")}</Badge>
        <span className="flex-1" />
        <span className="flex flex-wrap items-center justify-end gap-2 max-sm:basis-full">
          <IconButton
            label={t("up")}
            icon={<ArrowUp aria-hidden className="size-4" />}
            disabled={onUp === null}
            onClick={() => onUp?.()}
          />
          <IconButton
            label={t("down")}
            icon={<ArrowDown aria-hidden className="size-4" />}
            disabled={onDown === null}
            onClick={() => onDown?.()}
          />
          {isOn ? (
            <Button
              icon={<Power aria-hidden className="size-3.5" />}
              isBusy={save.isPending}
              onClick={switchOff}
            >
              {t("switchOff")}
            </Button>
          ) : null}
          <Button icon={<Pencil aria-hidden className="size-3.5" />} onClick={onEdit}>
            {t(isOn ? "edit" : "editOrSwitchOn")}
          </Button>
          <IconButton
            label={t("delete")}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => setIsAsking(true)}
          />
        </span>
      </div>
      <div className="flex flex-col gap-2 md:pl-7">
        <RuleConditionList conditions={conditions} />
        <p className="text-sm">
          <RuleActionWords action={action} perMinute={perMinute} />
        </p>
        <p className="flex flex-wrap gap-x-3 text-ink-muted text-xs">
          <span>{t("taken", { count: taken })}</span>
          {actedAt === null ? null : (
            <span>
              {t("lastActed")} <Timestamp at={actedAt} shape="relative" />
            </span>
          )}
          {isOn && waiting > 0 ? <span>{t("waiting", { count: waiting })}</span> : null}
        </p>
        {problem === null ? null : <ErrorNotice title={t("changeFailed")} error={problem} />}
      </div>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={t("deleteTitle", { name })}
        description={t("deleteHint")}
        confirmLabel={t("delete")}
        isDangerous
        onConfirm={() => {
          setIsAsking(false);
          remove.mutate(id);
        }}
      />
    </li>
  );
}
