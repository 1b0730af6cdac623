"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";

const ITEM =
  "relative flex cursor-default select-none items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:py-2";

type DropdownMenuProps = {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
};

export function DropdownMenu({ trigger, align = "end", side = "bottom", children }: DropdownMenuProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-44 animate-enter overflow-y-auto rounded-md border border-line-strong bg-raised p-1 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

type MenuItemProps = {
  icon?: ReactNode;
  keys?: string | undefined;
  disabled?: boolean;
  isDangerous?: boolean;
  onSelect: () => void;
  children: ReactNode;
};

export function MenuItem({ icon, keys, disabled = false, isDangerous, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item
      disabled={disabled}
      onSelect={onSelect}
      className={isDangerous ? `${ITEM} text-danger-ink` : ITEM}
    >
      {icon === undefined ? null : <span className="flex text-ink-faint [&>svg]:size-3.5">{icon}</span>}
      <span className="flex-1">{children}</span>
      {keys === undefined ? null : <Kbd keys={keys} />}
    </Radix.Item>
  );
}

type MenuRadioGroupProps<Value extends string> = {
  label: string;
  value: Value | undefined;
  options: readonly { value: Value; label: string; icon?: ReactNode; lang?: string }[];
  onValueChange: (value: Value) => void;
};

/** One choice of a few, with its heading. Choosing keeps the menu open for the next choice. */
export function MenuRadioGroup<Value extends string>(props: MenuRadioGroupProps<Value>) {
  return (
    <Radix.Group>
      <MenuLabel>{props.label}</MenuLabel>
      <Radix.RadioGroup value={props.value ?? ""}>
        {props.options.map((option) => (
          <Radix.RadioItem
            key={option.value}
            value={option.value}
            lang={option.lang}
            onSelect={(event) => {
              event.preventDefault();
              props.onValueChange(option.value);
            }}
            className={ITEM}
          >
            <span className="flex text-ink-faint [&>svg]:size-3.5">{option.icon}</span>
            <span className="flex-1">{option.label}</span>
            <Radix.ItemIndicator>
              <Check aria-hidden className="size-3.5 text-accent" />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </Radix.Group>
  );
}

type MenuCheckboxProps = {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  children: ReactNode;
};

/** Something in a menu that is on or off. The menu stays open for the next one. */
export function MenuCheckbox({ checked, onCheckedChange, children }: MenuCheckboxProps) {
  return (
    <Radix.CheckboxItem
      checked={checked}
      onCheckedChange={onCheckedChange}
      onSelect={(event) => event.preventDefault()}
      className={`${ITEM} pl-7`}
    >
      <Radix.ItemIndicator className="absolute left-2">
        <Check aria-hidden className="size-3.5 text-accent" />
      </Radix.ItemIndicator>
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Radix.Label className="px-2 pt-1.5 pb-0.5 font-medium text-2xs text-ink-faint">{children}</Radix.Label>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
