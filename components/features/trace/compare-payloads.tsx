"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { eventHref } from "#components/shell/destinations.ts";
import type { PayloadPair } from "#server/domain/sagas/compare-traces.ts";
import { stepName } from "./compare-rows.ts";
import { sideName } from "./compare-sides.tsx";
import { FieldDifferences } from "./field-differences.tsx";
import type { ReadComparison } from "./trace-queries.ts";

/** Payloads that differ, step by step, with both values of every field. */
export function ComparePayloads({ read }: { read: ReadComparison }) {
  const t = useTranslations("compare");
  const { payloads } = read.comparison;
  return (
    <section aria-label={t("payloads")} className="rounded-lg border border-line-strong bg-surface">
      <h2 className="px-3 pt-2 pb-1 font-semibold text-sm">{t("payloads")}</h2>
      {payloads.length === 0 ? <p className="px-3 pb-2 text-ink-muted text-sm">{t("samePayloads")}</p> : null}
      <ol>
        {payloads.map((pair) => (
          <li
            key={`${pair.key} ${pair.occurrence} ${pair.part}`}
            className="border-line border-t px-3 py-2 first:border-t-0"
          >
            <Payload pair={pair} read={read} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Payload({ pair, read }: { pair: PayloadPair; read: ReadComparison }) {
  const t = useTranslations("compare");
  const { left, right, key, part, leftPosition, rightPosition, difference } = pair;
  const step = stepName(read.left.trace, left) ?? stepName(read.right.trace, right) ?? key;
  const [ours, theirs] = [typeAt(read.left, leftPosition), typeAt(read.right, rightPosition)];
  const link = (position: string, text: string) => (
    <Link href={eventHref(position)} prefetch={false} className="font-mono text-accent hover:underline">
      {text}
    </Link>
  );
  return (
    <>
      <h3 className="flex flex-wrap items-baseline gap-x-2 pb-1 text-xs">
        <span className="font-medium">{t(`parts.${part}`, { step })}</span>
        <span className="text-ink-muted">
          {link(leftPosition, ours)} · {link(rightPosition, theirs)}
        </span>
      </h3>
      {difference.kind === "text" ? (
        <p className="text-ink-muted text-xs">{t("textDiffers")}</p>
      ) : (
        <FieldDifferences
          label={t("fieldsOf", { part: t(`parts.${part}`, { step }) })}
          fields={difference.fields}
          left={sideName(read.left)}
          right={sideName(read.right)}
          isCut={difference.isCut}
        />
      )}
    </>
  );
}

function typeAt({ trace }: ReadComparison["left"], position: string): string {
  return trace.events.find((event) => event.position === position)?.type ?? position;
}
