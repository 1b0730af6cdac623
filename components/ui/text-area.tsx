import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** A field of several lines, for JSON and lists. Give it a name: a `<label>` or `aria-label`. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      spellCheck={false}
      autoComplete="off"
      className={classNames(
        "block min-w-0 resize-y rounded-md border border-control bg-surface px-2 py-1.5 font-mono text-ink text-xs leading-5 placeholder:text-ink-faint hover:border-ink-faint focus-visible:border-accent focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger-ink pointer-coarse:text-lg",
        className ?? "w-full",
      )}
      {...rest}
    />
  );
}
