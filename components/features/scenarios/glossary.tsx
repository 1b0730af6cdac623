"use client";

import { useTranslations } from "next-intl";

const WORDS = [
  "event",
  "broker",
  "mediator",
  "synchronousCall",
  "saga",
  "deadLetter",
  "eventualConsistency",
  "eventSourcing",
  "idempotency",
  "notificationEvent",
  "upcaster",
] as const;

/** The words of the trade, each with what to press to see it. */
export function Glossary() {
  const t = useTranslations("scenarios.words");
  return (
    <section aria-labelledby="scenario-words" className="border-line border-t px-3 py-4 md:px-4">
      <h2 id="scenario-words" className="font-medium text-base">
        {t("title")}
      </h2>
      <dl className="mt-2 grid gap-x-8 gap-y-3 md:grid-cols-2 xl:grid-cols-3">
        {WORDS.map((word) => (
          <div key={word}>
            <dt className="font-medium">{t(`${word}.name`)}</dt>
            <dd className="max-w-prose text-ink-muted text-xs">
              {t(`${word}.means`)} <span className="text-ink">{t(`${word}.try`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
