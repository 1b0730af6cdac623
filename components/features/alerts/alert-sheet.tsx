"use client";

import { useQuery } from "@tanstack/react-query";
import { BellOff, ChartSpline, CircleCheck, ExternalLink, Eye } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button, buttonClasses } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { Figure, FigureList } from "#components/ui/figure.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Input } from "#components/ui/input.tsx";
import { QueryNotices } from "#components/ui/query-notices.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { AlertDetailDto, AlertRuleDto } from "#server/contract/alerts.ts";
import { AlertStateBadge, SeverityIcon } from "./alert-look.tsx";
import { alertQueries, useCommandAlert } from "./alert-queries.ts";
import { MuteDialog } from "./mute-dialog.tsx";
import { NoticeList } from "./notice-list.tsx";
import { useRuleWords } from "./use-rule-words.ts";

/** One alert with its life, what to do about it, and who was told. */
export function AlertSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations("alerts.sheet");
  const alert = useQuery(alertQueries.one(id));
  const rules = useQuery(alertQueries.rules());
  const rule = rules.data?.rules.find((each) => each.id === alert.data?.rule.id) ?? null;
  return (
    <Sheet
      open
      onOpenChange={onClose}
      title={alert.data?.rule.name ?? t("title")}
      actions={<CopyButton label={t("copyLink")} text={() => location.href} />}
    >
      <QueryNotices
        query={alert}
        rows={4}
        loading={t("loading")}
        failed={t("loadFailed")}
        onRetry={alert.refetch}
      />
      {alert.data === undefined ? null : <Body alert={alert.data} rule={rule} />}
    </Sheet>
  );
}

function Body({ alert, rule }: { alert: AlertDetailDto; rule: AlertRuleDto | null }) {
  const t = useTranslations("alerts.sheet");
  const format = useFormat();
  const now = useNow();
  const words = useRuleWords();
  const command = useCommandAlert();
  const [note, setNote] = useState("");
  const [isMuting, setIsMuting] = useState(false);
  const { id, state, severity, labels, firedAt, beganAt, resolvedAt, acknowledged, mute, value, worst } =
    alert;
  const isOpen = state !== "resolved";
  const seen = (each: number | null) => (rule === null ? null : words.seen(rule.condition, each)) ?? "–";
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <SeverityIcon severity={severity} />
        <AlertStateBadge state={state} />
        <span className="min-w-0 break-words">{words.series(labels)}</span>
      </div>
      {rule === null ? null : <p className="text-ink-muted text-sm">{words.sentence(rule.condition)}</p>}
      <FigureList>
        <Figure label={t("began")}>{format.relative(firedAt ?? beganAt, now)}</Figure>
        <Figure label={t(isOpen ? "value" : "valueAtEnd")} isAlarming={isOpen}>
          {seen(value)}
        </Figure>
        <Figure label={t("worst")}>{seen(worst)}</Figure>
        <Figure label={t(isOpen ? "lasts" : "lasted")}>
          {format.duration((resolvedAt === null ? now : Date.parse(resolvedAt)) - Date.parse(beganAt))}
        </Figure>
      </FigureList>
      {rule === null || (rule.note === "" && rule.runbook === null) ? null : (
        <section aria-label={t("todo")} className="rounded-md border border-line bg-sunken p-3 text-sm">
          <h3 className="pb-1 font-medium">{t("todo")}</h3>
          <p className="whitespace-pre-wrap break-words">{rule.note}</p>
          {rule.runbook === null ? null : (
            <a
              href={rule.runbook}
              target="_blank"
              rel="noreferrer"
              className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
            >
              <span className="truncate">{rule.runbook}</span>
              <ExternalLink aria-hidden className="size-3.5 shrink-0" />
            </a>
          )}
        </section>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Link href={alert.href} className={buttonClasses()}>
          <ChartSpline aria-hidden className="size-3.5" />
          {t("chart")}
        </Link>
        {isOpen ? (
          <>
            <Button
              icon={<BellOff aria-hidden className="size-3.5" />}
              onClick={() =>
                mute === null ? setIsMuting(true) : command.mutate({ id, command: { kind: "unmute" } })
              }
            >
              {t(mute === null ? "mute" : "unmute")}
            </Button>
            <Button
              icon={<CircleCheck aria-hidden className="size-3.5" />}
              onClick={() => command.mutate({ id, command: { kind: "resolve", note: note.trim() } })}
            >
              {t("resolve")}
            </Button>
          </>
        ) : null}
      </div>
      {mute === null ? null : (
        <p className="text-ink-muted text-sm">
          {t("muted", { time: format.minute(mute.until), by: mute.by, reason: mute.reason })}
        </p>
      )}
      {rule === null || rule.mute === null || !isOpen ? null : (
        <p className="text-ink-muted text-sm">
          {t("ruleMuted", {
            time: format.minute(rule.mute.until),
            by: rule.mute.by,
            reason: rule.mute.reason,
          })}
        </p>
      )}
      {acknowledged === null ? null : (
        <p className="text-ink-muted text-sm">
          {t("acknowledged", { by: acknowledged.by, time: format.minute(acknowledged.at) })}
          {acknowledged.note ? `: ${acknowledged.note}` : ""}
        </p>
      )}
      {isOpen && state !== "pending" && acknowledged === null ? (
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            command.mutate({ id, command: { kind: "acknowledge", note: note.trim() } });
          }}
        >
          <Input
            aria-label={t("note")}
            placeholder={t("note")}
            autoComplete="off"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button
            type="submit"
            variant="primary"
            isBusy={command.isPending}
            icon={<Eye aria-hidden className="size-3.5" />}
          >
            {t("acknowledge")}
          </Button>
        </form>
      ) : null}
      {command.isError ? <ErrorNotice title={t("failed")} error={command.error} /> : null}
      <History alert={alert} seen={seen} />
      <section aria-label={t("told")}>
        <h3 className="pb-1 font-medium text-sm">{t("told")}</h3>
        <NoticeList of={{ alert: id }} />
      </section>
      {isMuting ? (
        <MuteDialog
          name={alert.rule.name}
          isBusy={command.isPending}
          error={command.error}
          onMute={(until, reason) =>
            command.mutate(
              { id, command: { kind: "mute", until, reason } },
              { onSuccess: () => setIsMuting(false) },
            )
          }
          onClose={() => setIsMuting(false)}
        />
      ) : null}
    </div>
  );
}

function History({ alert, seen }: { alert: AlertDetailDto; seen: (value: number | null) => string }) {
  const t = useTranslations("alerts");
  const format = useFormat();
  return (
    <section aria-label={t("sheet.history")}>
      <h3 className="pb-1 font-medium text-sm">{t("sheet.history")}</h3>
      <ol className="flex flex-col gap-1 text-sm">
        {alert.history.toReversed().map(({ at, state, cause, value, by }) => (
          <li key={`${at}/${state}/${cause}`} className="flex flex-wrap items-center gap-x-2">
            <span title={format.dateTime(at)} className="w-36 shrink-0 text-ink-muted text-xs tabular-nums">
              {format.second(at)}
            </span>
            <AlertStateBadge state={state} />
            <span className="text-ink-muted text-xs">
              {cause === "condition" ? seen(value) : t(`causes.${cause}`, { by: by ?? "–" })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
