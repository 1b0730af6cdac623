import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { classNames } from "./class-names.ts";
import { type DiffLine, diffLines } from "./line-diff.ts";

const LOOKS: Record<DiffLine["kind"], { sign: string; className: string }> = {
  same: { sign: " ", className: "text-ink-muted" },
  removed: { sign: "−", className: "bg-danger-soft text-danger-ink" },
  added: { sign: "+", className: "bg-ok-soft text-ok-ink" },
};

type DiffViewProps = {
  before: string;
  after: string;
  label: string;
  /** What to say where both are the same. */
  unchanged: string;
};

/** Two texts as one, with the lines that went and those that came. */
export function DiffView({ before, after, label, unchanged }: DiffViewProps) {
  const t = useTranslations("json.lines");
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  if (before === after) return <p className="p-4 text-ink-muted text-sm">{unchanged}</p>;
  return (
    <section aria-label={label} className="min-h-0 flex-1 overflow-auto">
      <ol className="w-max min-w-full py-2 font-mono text-xs leading-5">
        {lines.map(({ kind, text }, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            className={classNames("flex whitespace-pre px-3 md:px-4", LOOKS[kind].className)}
          >
            <span aria-hidden className="w-4 shrink-0 select-none">
              {LOOKS[kind].sign}
            </span>
            {kind === "same" ? null : <span className="sr-only">{t(kind)} </span>}
            {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
