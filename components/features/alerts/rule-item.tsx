"use client";

import { BellOff, Pencil, Power, Trash2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { DestinationDto } from "#server/contract/alert-destinations.ts";
import type { AlertRuleDto } from "#server/contract/alerts.ts";
import { SeverityIcon } from "./alert-look.tsx";
import { useCommandRule, useDeleteRule } from "./alert-queries.ts";
import { MuteDialog } from "./mute-dialog.tsx";
import { useRuleWords } from "./use-rule-words.ts";

type RuleItemProps = { rule: AlertRuleDto; destinations: readonly DestinationDto[]; onEdit: () => void };

/** One rule: what it watches, who it tells, and how it stands. */
export function RuleItem({ rule, destinations, onEdit }: RuleItemProps) {
  const t = useTranslations("alerts.rules");
  const format = useFormat();
  const words = useRuleWords();
  const command = useCommandRule();
  const remove = useDeleteRule();
  const [asked, setAsked] = useState<"delete" | "mute" | null>(null);
  const { id, name, isOn, severity, condition, forMs, mute } = rule;
  const open = (rule.open.firing ?? 0) + (rule.open.acknowledged ?? 0) + (rule.open.flapping ?? 0);
  const told = destinations.filter((each) => rule.destinations.includes(each.id)).map((each) => each.name);
  const failure = command.error ?? remove.error;
  return (
    <li aria-label={name} className="flex flex-col gap-1.5 border-line border-b bg-surface px-3 py-3 md:px-4">
      <div className="flex flex-wrap items-center gap-2">
        <div className="flex min-w-0 items-center gap-2">
          <SeverityIcon severity={severity} />
          <h2 className="min-w-0 break-words font-medium">{name}</h2>
        </div>
        <Badge tone={isOn ? "ok" : "neutral"}>{t(isOn ? "on" : "off")}</Badge>
        {open === 0 ? null : (
          <Link href="/alerts" className="inline-flex">
            <Badge tone="danger">{t("open", { count: open })}</Badge>
          </Link>
        )}
        {mute === null ? null : <Badge tone="warn">{t("muted", { time: format.minute(mute.until) })}</Badge>}
        <div className="ml-auto flex items-center justify-end gap-2 max-sm:w-full">
          <Button
            icon={<Power aria-hidden className="size-3.5" />}
            isBusy={command.isPending}
            onClick={() => command.mutate({ id, command: { kind: isOn ? "off" : "on" } })}
          >
            {t(isOn ? "switchOff" : "switchOn")}
          </Button>
          <Button icon={<Pencil aria-hidden className="size-3.5" />} onClick={onEdit}>
            {t("edit")}
          </Button>
          <IconButton
            label={t(mute === null ? "mute" : "unmute")}
            icon={<BellOff aria-hidden className="size-4" />}
            aria-pressed={mute !== null}
            onClick={() =>
              mute === null ? setAsked("mute") : command.mutate({ id, command: { kind: "unmute" } })
            }
          />
          <IconButton
            label={t("delete")}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => setAsked("delete")}
          />
        </div>
      </div>
      <div className="flex flex-col gap-1 md:pl-6">
        <p className="text-sm">
          {words.sentence(condition)}
          {forMs === 0 ? "" : ` ${t("for", { duration: words.span(forMs) })}`}
        </p>
        <p className="text-ink-muted text-xs">
          {told.length === 0 ? t("tellsNobody") : t("tells", { names: told.join(", ") })}
        </p>
        <Problem rule={rule} />
        {failure === null ? null : <ErrorNotice title={t("changeFailed")} error={failure} />}
      </div>
      <ConfirmDialog
        open={asked === "delete"}
        onOpenChange={() => setAsked(null)}
        title={t("deleteTitle", { name })}
        description={t("deleteHint", { count: open })}
        confirmLabel={t("delete")}
        isDangerous
        onConfirm={() => {
          setAsked(null);
          remove.mutate(id);
        }}
      />
      {asked === "mute" ? (
        <MuteDialog
          name={name}
          isBusy={command.isPending}
          error={command.error}
          onMute={(until, reason) =>
            command.mutate(
              { id, command: { kind: "mute", until, reason } },
              { onSuccess: () => setAsked(null) },
            )
          }
          onClose={() => setAsked(null)}
        />
      ) : null}
    </li>
  );
}

/** Why nothing is said, or not of everything. That a window is not full yet is no fault. */
function Problem({ rule: { problem, problemFacts } }: { rule: AlertRuleDto }) {
  const t = useTranslations("alerts.rules");
  const format = useFormat();
  if (problem === null) return null;
  if (problemFacts === null) return <p className="text-danger-ink text-xs">{problem}</p>;
  const { kind } = problemFacts;
  const facts = {
    time: "at" in problemFacts ? format.minute(problemFacts.at) : "",
    others: kind === "more-series" ? problemFacts.others : 0,
    watched: kind === "more-series" ? problemFacts.watched : 0,
    why: kind === "failed" ? problemFacts.why : "",
  };
  const isYoung = kind === "window-not-full" || kind === "not-counted";
  return (
    <p className={isYoung ? "text-ink-muted text-xs" : "text-danger-ink text-xs"}>
      {t(`problems.${kind}`, facts)}
    </p>
  );
}
