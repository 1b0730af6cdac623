import { classNames } from "#components/ui/class-names.ts";

/** Segments at the end of a type that tell it from its neighbours. */
const TAIL_SEGMENTS = 2;

/**
 * An event type. Types share their beginnings, so where room is short the beginning is cut, never the end, and the
 * end stands out.
 */
export function TypeName({ type, className }: { type: string; className?: string }) {
  const { head, tail } = splitType(type);
  return (
    <span title={type} className={classNames("flex min-w-0 font-mono", className)}>
      {head === "" ? null : <span className="min-w-0 truncate text-ink-faint">{head}</span>}
      <span className="min-w-8 max-w-full shrink-0 truncate">{tail}</span>
    </span>
  );
}

/** A type in its shared beginning and its telling end; together they are the type. */
export function splitType(type: string): { head: string; tail: string } {
  const ends = [...type.matchAll(/[./:]/g)].map((match) => match.index + 1);
  const cut = ends.at(-TAIL_SEGMENTS) ?? 0;
  return cut === type.length ? { head: "", tail: type } : { head: type.slice(0, cut), tail: type.slice(cut) };
}
