"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { searchHref } from "#components/shell/destinations.ts";
import { Button } from "#components/ui/button.tsx";
import { useFormat } from "#components/ui/format-context.tsx";
import type { ChannelListDto } from "#server/contract/bus.ts";

/** Types that are listed at first. */
const FEW = 12;

/** The types of events that no consumer took in the last day; nothing where each event has one. */
export function UnroutedEvents({ unrouted }: { unrouted: ChannelListDto["unrouted"] | undefined }) {
  const t = useTranslations("consumers.unrouted");
  const format = useFormat();
  const [isWhole, setIsWhole] = useState(false);
  if (unrouted === undefined || unrouted.types.length === 0) return null;
  const { types, capped } = unrouted;
  const shown = isWhole ? types : types.slice(0, FEW);
  const isAll = shown.length === types.length;
  return (
    <section aria-label={t("title")} className="flex max-w-5xl flex-col gap-2 px-3 py-4 text-xs md:px-4">
      <div>
        <h2 className="font-medium text-sm">{t("title")}</h2>
        <p className="text-ink-muted">{t("hint")}</p>
      </div>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(19rem,100%),1fr))] gap-x-8">
        {shown.map(({ type, count }) => (
          <li
            key={type}
            className="flex min-w-0 items-baseline justify-between gap-3 border-line border-b py-1"
          >
            <Link
              href={searchHref({ type: [type] })}
              prefetch={false}
              title={type}
              className="truncate font-mono hover:underline"
            >
              {type}
            </Link>
            <span className="text-ink-muted tabular-nums">{format.number(count)}</span>
          </li>
        ))}
      </ul>
      {isAll ? null : (
        <Button size="sm" className="self-start" onClick={() => setIsWhole(true)}>
          {t("more", { count: types.length - shown.length })}
        </Button>
      )}
      {isAll && capped ? <p className="text-ink-muted">{t("capped")}</p> : null}
    </section>
  );
}
