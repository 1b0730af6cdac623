"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { consumerHref, searchHref } from "#components/shell/destinations.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useFormat } from "#components/ui/format-context.tsx";
import type { TypeDetailDto } from "#server/contract/schemas.ts";
import { violationRate } from "./type-look.tsx";

/** How much of a type flowed, how much of it violated, who sends it and who gets it. */
export function TypeFacts({ detail }: { detail: TypeDetailDto }) {
  const t = useTranslations("schemas.facts");
  const words = useTranslations("schemas");
  const format = useFormat();
  const { type, events, judged, violations, refused, sample, consumers, window } = detail;
  const rate = violationRate(detail);
  return (
    <dl
      aria-label={t("label")}
      className="flex shrink-0 flex-wrap gap-x-6 gap-y-2 border-line border-b bg-surface px-3 py-2 text-xs md:px-4"
    >
      <Fact name={t("events")} hint={t("since", { time: format.minute(window.from) })}>
        <Link href={searchHref({ type: [type] })} className="tabular-nums hover:underline">
          {format.number(events)}
        </Link>
      </Fact>
      <Fact name={t("judged")}>
        <span className="tabular-nums">{format.number(judged)}</span>
      </Fact>
      <Fact name={t("violations")}>
        <span className={classNames("tabular-nums", violations > 0 && "font-medium text-danger-ink")}>
          {format.number(violations)}
          {rate === null || violations === 0 ? null : ` (${format.percent(rate)})`}
        </span>
      </Fact>
      <Fact name={t("refused")}>
        <span className={classNames("tabular-nums", refused > 0 && "font-medium text-danger-ink")}>
          {format.number(refused)}
        </span>
      </Fact>
      <Fact name={t("seen")} hint={t("newest", { count: sample.events })}>
        {sample.versions.length === 0 ? <span className="text-ink-faint">–</span> : null}
        <span className="wrap-anywhere font-mono">
          {sample.versions.map((version) => version ?? words("nameless")).join(", ")}
        </span>
      </Fact>
      <Fact name={t("producers")}>
        <Nodes names={sample.producers} kind="producer" />
      </Fact>
      <Fact name={t("consumers")}>
        <Nodes names={consumers} kind="consumer" href={consumerHref} />
      </Fact>
    </dl>
  );
}

function Fact({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <dt className="text-2xs text-ink-faint">
        {name}
        {hint === undefined ? null : <span> · {hint}</span>}
      </dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

type NodesProps = {
  names: readonly string[];
  kind: "producer" | "consumer";
  href?: (name: string) => string;
};

function Nodes({ names, kind, href }: NodesProps) {
  const t = useTranslations("schemas.facts");
  if (names.length === 0) return <span className="text-ink-faint">{t("nobody")}</span>;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {names.map((name) => (
        <li key={name} className="flex min-w-0 items-center gap-1">
          <NodeIcon kind={kind} />
          {href === undefined ? (
            <span className="wrap-anywhere font-mono">{name}</span>
          ) : (
            <Link href={href(name)} className="wrap-anywhere hover:underline">
              {name}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
