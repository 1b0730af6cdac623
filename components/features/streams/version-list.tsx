"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { TypeName } from "#components/event-detail/type-name.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { Timestamp } from "#components/ui/timestamp.tsx";
import type { StreamEventsDto } from "#server/contract/streams.ts";

type VersionListProps = {
  events: StreamEventsDto["events"];
  problems: StreamEventsDto["problems"];
  version: number;
  onSelect: (version: number) => void;
};

/** The versions around the one that is looked at. Where one is missing or stands twice, the list says so. */
export function VersionList({ events, problems, version, onSelect }: VersionListProps) {
  const t = useTranslations("streams");
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another element to bring into view.
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [version]);
  const gapBefore = new Map(
    problems.flatMap((problem) => (problem.kind === "gap" ? [[problem.to + 1, problem] as const] : [])),
  );
  const seen = new Set<number>();
  return (
    <ol
      aria-label={t("versions")}
      className="shrink-0 overflow-y-auto border-line bg-surface max-md:max-h-44 max-md:border-b md:w-80 md:border-r"
    >
      {events.map((event) => {
        const isRepeat = seen.has(event.version);
        seen.add(event.version);
        const gap = isRepeat ? undefined : gapBefore.get(event.version);
        const isCurrent = event.version === version;
        return (
          <li key={event.position}>
            {gap === undefined ? null : (
              <p className="bg-warn-soft px-3 py-1 text-warn-ink text-xs md:px-4">
                {gap.from === gap.to
                  ? t("gapOne", { version: gap.from })
                  : t("gap", { from: gap.from, to: gap.to })}
              </p>
            )}
            <button
              type="button"
              ref={isCurrent && !isRepeat ? current : null}
              aria-current={isCurrent ? "true" : undefined}
              onClick={() => onSelect(event.version)}
              className={classNames(
                "flex h-7 w-full items-center gap-2 px-3 text-left text-xs hover:bg-hover pointer-coarse:h-11 md:px-4",
                isCurrent && "bg-accent-soft",
              )}
            >
              <span className="w-8 shrink-0 text-end text-ink-muted tabular-nums">{event.version}</span>
              <TypeName type={event.type} className="flex-1" />
              {isRepeat ? <span className="shrink-0 text-warn-ink">{t("twice")}</span> : null}
              <Timestamp
                at={event.recordedAt}
                happenedAt={event.time}
                className="shrink-0 text-ink-faint tabular-nums"
              />
            </button>
          </li>
        );
      })}
    </ol>
  );
}
