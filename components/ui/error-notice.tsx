"use client";

import { CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { useFormat } from "./format-context.tsx";
import { useErrorWords } from "./use-error-words.ts";

/** What is shown of an error when it is there: any `Error` will do. */
type NoticeableError = Error & {
  code?: string;
  requestId?: string | null;
  retryAfterSeconds?: number | null;
};

type ErrorNoticeProps = {
  /** What could not be done: "Could not load events". */
  title: string;
  error: NoticeableError;
  onRetry?: (() => unknown) | undefined;
  isRetrying?: boolean | undefined;
};

/** What failed, why, what a person can do, and the id under which the server's log has it. */
export function ErrorNotice({ title, error, onRetry, isRetrying }: ErrorNoticeProps) {
  const t = useTranslations("common");
  const words = useErrorWords();
  const format = useFormat();
  const waitSeconds = error.retryAfterSeconds ?? null;
  return (
    <div
      role="alert"
      className="m-4 flex max-w-2xl gap-3 self-center rounded-lg border border-danger bg-danger-soft p-3 text-ink"
    >
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-ink" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="font-medium">{title}</p>
        <p className="break-words text-ink-muted">
          {words(error)}
          {waitSeconds === null
            ? null
            : ` ${t("retryAfter", { duration: format.duration(waitSeconds * 1000) })}`}
        </p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-xs">
          {onRetry === undefined ? null : (
            <Button size="sm" isBusy={isRetrying} onClick={() => void onRetry()}>
              {t("retry")}
            </Button>
          )}
          {error.code === undefined ? null : (
            <span>
              {t("errorCode")} <code className="font-mono">{error.code}</code>
            </span>
          )}
          {typeof error.requestId === "string" ? <RequestId id={error.requestId} /> : null}
        </div>
      </div>
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  const t = useTranslations("common");
  return (
    <span className="inline-flex items-center gap-1">
      {t("requestId")} <code className="font-mono">{id}</code>
      <CopyButton text={id} />
    </span>
  );
}
