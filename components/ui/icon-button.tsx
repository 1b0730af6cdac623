import type { ComponentProps, ReactNode } from "react";
import type { ButtonSize } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./tooltip.tsx";

const SIZES: Record<ButtonSize, string> = {
  sm: "size-6 pointer-coarse:size-9",
  md: "size-7 pointer-coarse:size-10",
};

type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label" | "title"> & {
  /** What the button does: its name for assistive technology and its tooltip. */
  label: string;
  icon: ReactNode;
  size?: ButtonSize | undefined;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string | undefined;
  tooltipSide?: "top" | "right" | "bottom" | "left" | undefined;
};

/** A quiet square button with an icon; the tooltip says in words what it does. */
export function IconButton({
  label,
  icon,
  size = "md",
  keys,
  tooltipSide,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        className={classNames(
          "inline-flex shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors hover:bg-hover hover:text-ink active:bg-pressed disabled:cursor-not-allowed disabled:opacity-50 aria-pressed:bg-selected aria-pressed:text-accent data-[state=open]:bg-hover",
          SIZES[size],
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
