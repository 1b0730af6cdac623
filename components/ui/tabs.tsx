"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type TabItem<Value extends string> = {
  value: Value;
  label: ReactNode;
  /** A count beside the label. */
  count?: string | undefined;
  /** For the name of the tab, such as to hide it where its content stands elsewhere. */
  className?: string | undefined;
  content: ReactNode;
};

type TabsProps<Value extends string> = {
  /** What the tabs choose between. */
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  items: readonly TabItem<Value>[];
  className?: string;
};

/** Views of one thing, one at a time. Only the open one is mounted. */
export function Tabs<Value extends string>({
  label,
  value,
  onValueChange,
  items,
  className,
}: TabsProps<Value>) {
  const pick = (picked: string) => {
    const item = items.find((each) => each.value === picked);
    if (item !== undefined) onValueChange(item.value);
  };
  return (
    <Radix.Root value={value} onValueChange={pick} className={classNames("flex min-h-0 flex-col", className)}>
      <Radix.List
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-line border-b px-2 [scrollbar-width:none]"
      >
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className={classNames(
              "-mb-px flex h-8 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2 font-medium text-ink-muted text-sm -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink pointer-coarse:h-11",
              item.className,
            )}
          >
            {item.label}
            {item.count === undefined ? null : <span className="text-2xs text-ink-faint">{item.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content
          key={item.value}
          value={item.value}
          className="min-h-0 flex-1 overflow-auto -outline-offset-2"
        >
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
