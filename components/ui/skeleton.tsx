import { classNames } from "./class-names.ts";

/** Moves once loading takes long. Each element that moves by itself is a layer of its own, which takes a browser time. */
const MOVING = "animate-breathe [animation-delay:1s]";

/** The place of something that loads, which moves once that takes long. Hidden from assistive technology: the region around it is `aria-busy`. */
export function Skeleton({ className }: { className?: string }) {
  return <Bar className={classNames(MOVING, className)} />;
}

/** Rows of a table that loads, in the height that the rows will have. */
export function TableSkeleton({ rows = 12, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label} className={classNames("flex flex-col", MOVING)}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex h-8 items-center gap-4 border-line border-b px-3">
          <Bar className="w-24" />
          <Bar className="w-40" />
          <Bar className={row % 3 === 0 ? "w-1/4" : "w-1/3"} />
        </div>
      ))}
    </div>
  );
}

function Bar({ className }: { className: string }) {
  return <span aria-hidden className={classNames("block h-3.5 rounded-sm bg-pressed", className)} />;
}
