"use client";

import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { FIELD_CLASSES } from "./input.tsx";

export type SelectOption<Value extends string> = { value: Value; label: ReactNode };

type SelectProps<Value extends string> = {
  value: Value;
  options: readonly SelectOption<Value>[];
  onValueChange: (value: Value) => void;
  label?: string | undefined;
  id?: string | undefined;
  className?: string | undefined;
  disabled?: boolean | undefined;
};

/** Picks one of a short list. Name it with `label`, or with a `<label>` for its `id`. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, options, onValueChange, label, id, className, disabled } = props;
  const pick = (picked: string) => {
    const option = options.find((each) => each.value === picked);
    if (option !== undefined) onValueChange(option.value);
  };
  return (
    <Radix.Root value={value} onValueChange={pick} disabled={disabled ?? false}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        className={classNames(
          FIELD_CLASSES,
          "inline-flex items-center justify-between gap-2 text-left [&>span:first-child]:truncate",
          className ?? "w-full",
        )}
      >
        <Radix.Value />
        <Radix.Icon>
          <ChevronDown aria-hidden className="size-3.5 text-ink-faint" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[var(--radix-select-content-available-height)] min-w-[var(--radix-select-trigger-width)] animate-enter overflow-hidden rounded-md border border-line-strong bg-raised p-1 shadow-raised"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="relative flex cursor-default select-none items-center rounded-sm py-1 pr-2 pl-6 text-sm outline-none data-highlighted:bg-hover pointer-coarse:py-2"
              >
                <Radix.ItemIndicator className="absolute left-1.5">
                  <Check aria-hidden className="size-3.5 text-accent" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
