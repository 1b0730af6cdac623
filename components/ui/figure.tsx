import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** Figures beside each other, as many as have room. */
export function FigureList({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl
      className={classNames(
        "grid grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))] gap-x-4 gap-y-2",
        className,
      )}
    >
      {children}
    </dl>
  );
}

type FigureProps = {
  label: string;
  /** A figure that asks for somebody. */
  isAlarming?: boolean;
  /** What it means, where its label has no room for that. */
  title?: string;
  children: ReactNode;
};

/** A number with what it is. */
export function Figure({ label, isAlarming = false, title, children }: FigureProps) {
  return (
    <div title={title} className="min-w-0">
      <dt className="truncate text-2xs text-ink-muted">{label}</dt>
      <dd
        className={classNames("truncate font-medium text-base tabular-nums", isAlarming && "text-danger-ink")}
      >
        {children}
      </dd>
    </div>
  );
}
