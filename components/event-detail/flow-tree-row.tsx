"use client";

import { Unlink } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type MouseEvent, memo } from "react";
import { eventHref } from "#components/shell/destinations.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { type Format, useFormat } from "#components/ui/format-context.tsx";
import { type FlowArrangement, type FlowRow, MAX_INDENT } from "./flow-rows.ts";
import { TypeName } from "./type-name.tsx";

/** Header and rows share these tracks. With room comes a time line, with more room where an event is from. */
const TRACKS =
  "grid grid-cols-[minmax(0,1fr)_5rem] items-center gap-x-3 px-3 md:px-4 @2xl:grid-cols-[minmax(0,1fr)_5.5rem_5.5rem_7rem] @4xl:grid-cols-[minmax(0,1fr)_minmax(9rem,14rem)_5.5rem_5.5rem_minmax(10rem,1fr)]";
const BESIDE_TOGGLE = "pr-9 md:pr-10 pointer-coarse:pr-12";
const WIDE = "@2xl:block hidden";
const WIDEST = "@4xl:block hidden";

type FlowTreeHeaderProps = { arrangement: FlowArrangement; hasToggle: boolean };

export function FlowTreeHeader({ arrangement, hasToggle }: FlowTreeHeaderProps) {
  const t = useTranslations("flow");
  return (
    <div
      aria-hidden
      className={classNames(
        TRACKS,
        hasToggle && BESIDE_TOGGLE,
        "sticky top-0 z-10 h-7 border-line border-b bg-surface font-medium text-2xs text-ink-faint",
      )}
    >
      <span>{t("event")}</span>
      <span className={WIDEST}>{t("source")}</span>
      <span className={`${WIDE} text-right`}>
        {t(arrangement === "tree" ? "sinceCause" : "sincePrevious")}
      </span>
      <span className="text-right">{t("sinceStart")}</span>
      <span className={WIDE}>{t("timeLine")}</span>
    </div>
  );
}

type FlowTreeRowProps = {
  domId: string;
  row: FlowRow;
  top: number;
  height: number;
  durationMs: number;
  isCurrent: boolean;
  hasCursor: boolean;
  arrangement: FlowArrangement;
  /** What is not known about what led to it; null where nothing is missing. */
  gap: string | null;
  /** A button stands at its end. */
  hasToggle: boolean;
  onOpen: (position: string) => void;
};

/** One event of a flow. It is a link, so that it can be opened elsewhere too. */
export const FlowTreeRow = memo(function FlowTreeRow(props: FlowTreeRowProps) {
  const { row, isCurrent, hasCursor, gap, onOpen } = props;
  const { node, sinceStartMs } = row;
  const sinceMs = props.arrangement === "tree" ? row.sinceCauseMs : row.sincePreviousMs;
  const format = useFormat();
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(node.position);
  };
  return (
    <Link
      id={props.domId}
      href={eventHref(node.position)}
      prefetch={false}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.depth + 1}
      aria-selected={isCurrent}
      aria-current={isCurrent ? "true" : undefined}
      onClick={open}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      className={classNames(
        TRACKS,
        props.hasToggle && BESIDE_TOGGLE,
        "absolute inset-x-0 top-0 text-xs",
        isCurrent ? "bg-selected" : "hover:bg-hover",
        hasCursor &&
          "group-focus-visible/tree:bg-hover group-focus-visible/tree:shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <span className="flex h-full min-w-0 items-center overflow-hidden">
        <Branches row={row} isLoose={gap !== null} />
        {gap === null ? null : (
          <span role="img" aria-label={gap} title={gap}>
            <Unlink aria-hidden className="mr-1.5 size-3.5 shrink-0 text-warn-ink" />
          </span>
        )}
        <TypeName type={node.type} />
        {node.kind === "command" ? <KindBadge /> : null}
        {gap === null ? null : (
          <span aria-hidden className="@2xl:block ml-3 hidden min-w-0 shrink-[9] truncate text-warn-ink">
            {gap}
          </span>
        )}
      </span>
      <span title={node.source} className={`${WIDEST} truncate text-ink-muted`}>
        {node.source}
      </span>
      <span className={`${WIDE} text-right text-ink-muted`}>
        {sinceMs === null ? null : writeOffset(sinceMs, format)}
      </span>
      <span className="whitespace-nowrap text-right text-ink-muted">
        {sinceStartMs === null ? "–" : writeOffset(sinceStartMs, format)}
      </span>
      <TimeLine row={row} durationMs={props.durationMs} />
    </Link>
  );
});

/** An effect can come before its cause: clocks differ, and so do ways. */
function writeOffset(ms: number, format: Format): string {
  return ms < 0 ? format.duration(ms) : `+${format.duration(ms)}`;
}

function KindBadge() {
  const t = useTranslations("event.kindNames");
  return <Badge className="ml-2">{t("command")}</Badge>;
}

/** The lines from causes to effects. Below the deepest indentation all stand in one column, with their depth. */
function Branches({ row: { depth, guides, isLast }, isLoose }: { row: FlowRow; isLoose: boolean }) {
  return (
    <span aria-hidden className="flex h-full shrink-0 items-center">
      {guides.slice(0, MAX_INDENT - 1).map((isLine, level) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a level has no other identity
          key={level}
          className={classNames("h-full w-3.5 translate-x-1.5 border-line-strong", isLine && "border-l")}
        />
      ))}
      {depth === 0 ? null : (
        <span className="relative h-full w-3.5 translate-x-1.5">
          <span
            className={classNames(
              "absolute top-0 left-0 border-line-strong border-l",
              isLast ? "h-1/2" : "h-full",
            )}
          />
          <span className="absolute top-1/2 left-0 w-2.5 border-line-strong border-t" />
        </span>
      )}
      <span
        className={classNames(
          "mr-2 ml-0.5 size-2 shrink-0 rounded-full border bg-surface",
          isLoose ? "border-warn border-dashed" : "border-ink-muted",
        )}
      />
      {depth > MAX_INDENT ? <span className="mr-2 text-2xs text-ink-faint">{depth}</span> : null}
    </span>
  );
}

/** From the cause to the event on the time of the whole flow. */
function TimeLine({ row, durationMs }: { row: FlowRow; durationMs: number }) {
  const { sinceStartMs, sinceCauseMs } = row;
  if (sinceStartMs === null) return <span className={WIDE} />;
  const percent = (ms: number) => (durationMs === 0 ? 0 : (100 * ms) / durationMs);
  const end = percent(sinceStartMs);
  const start = sinceCauseMs === null ? end : percent(sinceStartMs - Math.max(0, sinceCauseMs));
  return (
    <span aria-hidden className={`${WIDE} h-full pr-1.5`}>
      <span className="relative block h-full">
        <span
          style={{ left: `${start}%`, width: `${end - start}%` }}
          className="absolute top-1/2 h-px bg-control"
        />
        <span
          style={{ left: `${end}%` }}
          className="-translate-y-1/2 absolute top-1/2 size-1.5 rounded-full bg-accent"
        />
      </span>
    </span>
  );
}
