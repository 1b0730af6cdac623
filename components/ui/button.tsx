import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

const BASE =
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary:
    "border border-line-strong bg-surface text-ink hover:bg-hover active:bg-pressed data-[state=open]:bg-hover",
  ghost: "text-ink-muted hover:bg-hover hover:text-ink active:bg-pressed data-[state=open]:bg-hover",
  danger: "bg-danger-fill text-on-danger hover:opacity-90",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-6 px-2 text-xs pointer-coarse:h-9 pointer-coarse:px-3",
  md: "h-7 px-2.5 text-sm pointer-coarse:h-10 pointer-coarse:px-3.5",
};

/** The classes of a button, for links that look like one. */
export function buttonClasses(variant: ButtonVariant = "secondary", size: ButtonSize = "md"): string {
  return classNames(BASE, VARIANTS[variant], SIZES[size]);
}

type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: ReactNode;
  /** Shows a spinner and refuses clicks; the button keeps its name and the focus. */
  isBusy?: boolean | undefined;
};

export function Button({
  variant,
  size,
  icon,
  isBusy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classNames(buttonClasses(variant, size), className)}
      {...rest}
    >
      {isBusy ? <Spinner /> : icon}
      {children}
    </button>
  );
}
