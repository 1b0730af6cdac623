"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { FailureCaseDto } from "#server/contract/failure-cases.ts";
import { ErrorHeadline } from "./error-headline.tsx";
import { ErrorTemplate } from "./error-template.tsx";

/** The error of a case: what all its deaths share, the newest one as it was, and where it came from. */
export function CaseError({ failureCase: { error, message } }: { failureCase: FailureCaseDto }) {
  const t = useTranslations("deadLetters.error");
  const deliveries = useTranslations("deliveries");
  const { frames, causes } = error;
  return (
    <div className="flex flex-col gap-3">
      <p className="wrap-anywhere whitespace-pre-wrap text-base">
        <ErrorHeadline error={error} />
      </p>
      <Part label={t("newest")}>
        <p className="wrap-anywhere flex items-start gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1 pl-2.5 font-mono text-xs">
          <span className="min-w-0 flex-1 whitespace-pre-wrap">{message}</span>
          <CopyButton text={message} />
        </p>
      </Part>
      {causes.length === 0 ? null : (
        <Part label={deliveries("causes")}>
          <ul className="text-sm">
            {causes.map((cause) => (
              <li key={`${cause.name} ${cause.message}`} className="wrap-anywhere">
                <span className="font-mono text-xs">{cause.name}</span> <ErrorTemplate text={cause.message} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {frames.length === 0 ? null : (
        <Part label={t("frames")}>
          <ol className="font-mono text-xs leading-5">
            {frames.map((frame, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a frame may come twice, and never moves
              <li key={index} className="wrap-anywhere">
                {frame}
              </li>
            ))}
          </ol>
        </Part>
      )}
    </div>
  );
}

function Part({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <h3 className="text-2xs text-ink-faint">{label}</h3>
      {children}
    </div>
  );
}
