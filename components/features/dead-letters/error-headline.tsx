"use client";

import { useTranslations } from "next-intl";
import type { FailureCaseDto } from "#server/contract/failure-cases.ts";
import { ErrorTemplate } from "./error-template.tsx";

/**
 * What a case is about, in one line. Of an answer over HTTP, its status and what the consumer said in it; that it
 * answered goes without saying.
 */
export function ErrorHeadline({ error }: { error: FailureCaseDto["error"] }) {
  const t = useTranslations("deliveries");
  const { name, message, code, status, answer } = error;
  const isAnswer = error.kind === "http" && status !== undefined;
  return (
    <>
      <span className="font-medium font-mono text-danger-ink">
        {isAnswer ? t("httpStatus", { status: String(status) }) : name}
      </span>{" "}
      {code === undefined || message.includes(code) ? null : (
        <span className="font-mono text-ink-muted">{code} </span>
      )}
      <ErrorTemplate text={isAnswer && answer !== undefined ? answer : message} />
    </>
  );
}
