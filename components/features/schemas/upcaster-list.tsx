"use client";

import { useTranslations } from "next-intl";
import type { SchemaVersionDto } from "#server/contract/schemas.ts";

type Upcaster = SchemaVersionDto["upcasters"][number];
type Step = Upcaster["steps"][number];

/** How payloads of older versions are shown as payloads of this one, step by step. */
export function UpcasterList({ schema: { version, upcasters } }: { schema: SchemaVersionDto }) {
  const t = useTranslations("schemas.upcasters");
  if (upcasters.length === 0) {
    return <p className="max-w-xl p-3 text-ink-muted text-sm md:p-4">{t("none", { version })}</p>;
  }
  return (
    <div className="flex flex-col gap-4 p-3 md:p-4">
      {upcasters.map(({ from, steps }) => (
        <section key={from} aria-label={t("from", { from, to: version })}>
          <h3 className="mb-1 font-medium text-sm">{t("from", { from, to: version })}</h3>
          <ol className="flex list-inside list-decimal flex-col gap-1 text-ink-muted text-sm">
            {steps.map((step) => (
              <li key={JSON.stringify(step)} className="wrap-anywhere">
                <StepText step={step} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      <p className="max-w-xl text-ink-faint text-xs">{t("originalStays")}</p>
    </div>
  );
}

function StepText({ step }: { step: Step }) {
  const t = useTranslations("schemas.upcasters.steps");
  const code = (text: string) => ({
    code: () => <code className="font-mono text-ink text-xs">{text}</code>,
  });
  switch (step.kind) {
    case "rename":
    case "move":
      return t.rich(step.kind, {
        from: code(step.from).code,
        to: code(step.to).code,
      });
    case "default":
      return t.rich("default", { at: code(step.at).code, value: code(JSON.stringify(step.value)).code });
    case "drop":
      return t.rich("drop", { at: code(step.at).code });
  }
}
