"use client";

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { getJson } from "#components/lib/api-client.ts";
import { useLiveTopic } from "#components/live/use-live-topic.ts";
import { ErrorNotice } from "#components/ui/error-notice.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Timestamp } from "#components/ui/timestamp.tsx";
import { type AuditEntryDto, auditPageSchema } from "#server/contract/audit-log.ts";
import { type AuditWords, auditReason, auditWords } from "./audit-words.ts";
import { replayHref } from "./destinations.ts";

const SHOWN = 20;

const auditOf = (subject: string) =>
  queryOptions({
    queryKey: ["audit-log", subject],
    queryFn: ({ signal }) =>
      getJson("/audit-log", auditPageSchema, { query: { subject, limit: SHOWN }, signal }),
  });

type AuditTrailProps = {
  /** As the audit trail names it, such as `failure-case:12`. */
  subject: string;
  /** Hints under it say that something may have been done. */
  topic: string;
};

/** Who did what to something, when and why; the newest first. */
export function AuditTrail({ subject, topic }: AuditTrailProps) {
  const t = useTranslations("audit");
  const client = useQueryClient();
  const query = useQuery(auditOf(subject));
  useLiveTopic(topic, () => client.invalidateQueries({ queryKey: auditOf(subject).queryKey }));
  if (query.isPending) return <Skeleton className="w-2/3" />;
  if (query.isLoadingError) {
    return <ErrorNotice title={t("loadFailed")} error={query.error} onRetry={query.refetch} />;
  }
  const { entries, nextBefore } = query.data;
  if (entries.length === 0) return <p className="text-ink-muted text-sm">{t("none")}</p>;
  return (
    <>
      <ol aria-label={t("label")} className="flex flex-col gap-1.5 text-sm">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} of={subject} />
        ))}
      </ol>
      {nextBefore === null ? null : (
        <p className="mt-1.5 text-ink-faint text-xs">{t("more", { count: SHOWN })}</p>
      )}
    </>
  );
}

function Entry({ entry, of }: { entry: AuditEntryDto; of: string }) {
  const t = useTranslations("audit");
  const words = auditWords(entry, of);
  const reason = auditReason(entry);
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="min-w-0 flex-1">
        <span className="wrap-anywhere font-medium">{entry.actor.replace(/^rule:/, t("rule"))}</span>{" "}
        <Sentence words={words} />
        {reason === null ? null : (
          <span className="wrap-anywhere block text-ink-muted text-xs">{reason}</span>
        )}
      </span>
      <Timestamp at={entry.at} shape="minute" className="shrink-0 text-ink-faint text-xs" />
    </li>
  );
}

function Sentence({ words }: { words: AuditWords }) {
  const t = useTranslations("audit");
  const format = useFormat();
  switch (words.key) {
    case "other":
      return <code className="font-mono text-xs">{words.action}</code>;
    case "assigned":
      return t("did.assigned", { owner: words.owner });
    case "muted":
      return t("did.muted", { time: format.minute(words.until) });
    case "discarded":
    case "restored":
      return t(`did.${words.key}`, { count: words.count });
    case "replay":
      return t.rich(`replay.${words.did}`, {
        id: words.id,
        link: (text) => (
          <Link href={replayHref(words.id)} className="text-accent hover:underline">
            {text}
          </Link>
        ),
      });
    default:
      return t(`did.${words.key}`);
  }
}
