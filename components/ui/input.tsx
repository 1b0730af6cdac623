import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** How every field looks; its width is the caller's. */
export const FIELD_CLASSES =
  "h-7 min-w-0 rounded-md border border-control bg-surface px-2 text-sm text-ink placeholder:text-ink-faint hover:border-ink-faint focus-visible:border-accent focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger-ink pointer-coarse:h-10 pointer-coarse:text-lg";

type InputProps = ComponentProps<"input"> & {
  /** Stands inside the field, before the text. */
  icon?: ReactNode;
  /** Stands inside the field, after the text. */
  trailing?: ReactNode;
};

/** A text field. Give it a name: a `<label>` or `aria-label`. */
export function Input({ icon, trailing, className, ...rest }: InputProps) {
  if (icon === undefined && trailing === undefined) {
    return <input className={classNames(FIELD_CLASSES, className ?? "w-full")} {...rest} />;
  }
  return (
    <span className={classNames("relative inline-flex items-center", className ?? "w-full")}>
      {icon === undefined ? null : (
        <span className="pointer-events-none absolute left-2 flex text-ink-faint">{icon}</span>
      )}
      <input
        className={classNames(
          FIELD_CLASSES,
          "w-full",
          icon !== undefined && "pl-7",
          trailing !== undefined && "pr-8",
        )}
        {...rest}
      />
      {trailing === undefined ? null : <span className="absolute right-1 flex">{trailing}</span>}
    </span>
  );
}
