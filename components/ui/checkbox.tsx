"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

type CheckboxProps = {
  /** `indeterminate`: some, not all, of what stands below is ticked. */
  checked: boolean | "indeterminate";
  onCheckedChange: (checked: boolean) => void;
  label: ReactNode;
  /** Keeps the label for assistive technology only, as in a table row. */
  isLabelHidden?: boolean | undefined;
  disabled?: boolean | undefined;
};

export function Checkbox({ checked, onCheckedChange, label, isLabelHidden, disabled }: CheckboxProps) {
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled ?? false}
        onCheckedChange={(next) => onCheckedChange(next === true)}
        className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface text-on-accent disabled:opacity-50 data-[state=checked]:border-accent data-[state=indeterminate]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent"
      >
        <Radix.Indicator>
          {checked === "indeterminate" ? (
            <Minus aria-hidden className="size-3" />
          ) : (
            <Check aria-hidden className="size-3" />
          )}
        </Radix.Indicator>
      </Radix.Root>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "select-none text-sm"}>
        {label}
      </label>
    </span>
  );
}
