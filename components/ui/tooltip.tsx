"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";

/** How long the pointer rests before a tooltip opens. */
export const TOOLTIP_DELAY_MS = 350;

/** Lets the next tooltip open at once while one is open. Put it once around the application. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={TOOLTIP_DELAY_MS} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}

type TooltipProps = {
  content: ReactNode;
  keys?: string | undefined;
  side?: "top" | "right" | "bottom" | "left" | undefined;
  align?: "start" | "center" | "end" | undefined;
  /** Open from the start, for a tooltip that is only mounted once it is wanted. */
  startsOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  /** A focusable element; it takes the tooltip's handlers and ref. */
  children: ReactElement;
};

/** Words that appear on hover and on focus. Never the only place of something a person must know. */
export function Tooltip(props: TooltipProps) {
  const {
    content,
    keys,
    side = "bottom",
    align = "center",
    startsOpen = false,
    onOpenChange,
    children,
  } = props;
  return (
    <Radix.Root defaultOpen={startsOpen} {...(onOpenChange && { onOpenChange })}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-96 animate-enter items-center gap-2 rounded-md border border-line-strong bg-raised px-2 py-1 text-ink text-xs shadow-raised"
        >
          {content}
          {keys === undefined ? null : <Kbd keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
