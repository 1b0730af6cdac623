import { classNames } from "./class-names.ts";

/** The place of something that loads, which moves once that takes long. Hidden from assistive technology: the region around it is `aria-busy`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames(
        "block h-3.5 animate-breathe rounded-sm bg-pressed [animation-delay:1s]",
        className,
      )}
    />
  );
}

/** Rows of a table that loads, in the height that the rows will have. */
export function TableSkeleton({ rows = 12, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex h-8 items-center gap-4 border-line border-b px-3">
          <Skeleton className="w-24" />
          <Skeleton className="w-40" />
          <Skeleton className={row % 3 === 0 ? "w-1/4" : "w-1/3"} />
        </div>
      ))}
    </div>
  );
}
