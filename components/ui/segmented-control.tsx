"use client";

import { ToggleGroup as Radix } from "radix-ui";
import type { ReactNode } from "react";

type SegmentedControlProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly { value: Value; label: ReactNode; name?: string }[];
  onValueChange: (value: Value) => void;
};

/** One of a few ways to see the same thing. `name` names an option that shows only an icon. */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const { label, value, options, onValueChange } = props;
  const pick = (picked: string) => {
    const option = options.find((each) => each.value === picked);
    if (option !== undefined) onValueChange(option.value);
  };
  return (
    <Radix.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={pick}
      className="inline-flex h-7 w-fit shrink-0 items-stretch gap-px rounded-md border border-line-strong bg-sunken p-px pointer-coarse:h-10"
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          aria-label={option.name}
          className="inline-flex items-center gap-1 whitespace-nowrap rounded-[5px] px-2 font-medium text-ink-muted text-xs hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
