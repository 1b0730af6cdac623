"use client";

import { ArrowLeft, ArrowRight, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { NodeIcon } from "#components/lib/node-kinds.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { DropdownMenu, MenuItem } from "#components/ui/dropdown-menu.tsx";
import type { Column } from "./sequence-rows.ts";
import { columnX, HEAD_HEIGHT, headText, type Measures } from "./sequence-shapes.ts";

type SequenceHeadsProps = {
  columns: readonly Column[];
  measures: Measures;
  onMove: (lifeline: string, delta: -1 | 1) => void;
  onHide: (lifeline: string) => void;
};

/** The names of the lifelines, which stay in sight. Each moves and hides its lifeline. */
export function SequenceHeads({ columns, measures, onMove, onHide }: SequenceHeadsProps) {
  const t = useTranslations("sequence");
  return (
    <div style={{ height: HEAD_HEIGHT }} className="sticky top-0 z-10 border-line border-b bg-surface">
      {columns.map((column, index) => (
        <span
          key={column.key}
          style={{ left: columnX(index, measures), width: measures.column - 16 }}
          className="-translate-x-1/2 absolute top-1.5 flex"
        >
          <DropdownMenu
            align="center"
            trigger={
              <button
                type="button"
                aria-label={t(column.kind === "channel" ? "channelNamed" : "serviceNamed", {
                  name: column.name,
                })}
                title={column.name}
                className={classNames(
                  "mx-auto flex h-8 min-w-0 items-center gap-1.5 border px-2 text-xs hover:bg-hover",
                  column.kind === "channel"
                    ? "rounded-full border-channel bg-channel-soft text-channel-ink"
                    : "rounded-sm border-line-strong bg-raised font-medium",
                )}
              >
                {column.kind === "channel" ? <NodeIcon kind="channel" /> : null}
                <span className="whitespace-nowrap font-mono">{headText(column, columns, measures)}</span>
              </button>
            }
          >
            <MenuItem icon={<ArrowLeft />} disabled={index === 0} onSelect={() => onMove(column.key, -1)}>
              {t("moveLeft")}
            </MenuItem>
            <MenuItem
              icon={<ArrowRight />}
              disabled={index === columns.length - 1}
              onSelect={() => onMove(column.key, 1)}
            >
              {t("moveRight")}
            </MenuItem>
            <MenuItem icon={<EyeOff />} disabled={columns.length < 2} onSelect={() => onHide(column.key)}>
              {t("hide")}
            </MenuItem>
          </DropdownMenu>
        </span>
      ))}
    </div>
  );
}
