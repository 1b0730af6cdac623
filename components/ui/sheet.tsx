"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { focusFirstField } from "./focus-first-field.ts";
import { IconButton } from "./icon-button.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  side?: "left" | "right";
  /** Buttons beside the cross. */
  actions?: ReactNode;
  /** Only Escape and the cross close it: a click that slipped must not throw away what was typed. */
  isForm?: boolean;
  className?: string;
  children: ReactNode;
};

/** A panel over the edge of the page. What is below stays where it was. */
export function Sheet(props: SheetProps) {
  const { open, onOpenChange, title, side = "right", actions, isForm = false, className, children } = props;
  const t = useTranslations("common");
  const returnFocus = useReturnFocus(focusFirstField);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-enter bg-scrim" />
        <Radix.Content
          {...returnFocus}
          {...(isForm && { onPointerDownOutside: (event) => event.preventDefault() })}
          aria-describedby={undefined}
          className={classNames(
            "fixed inset-y-0 z-40 flex max-w-[92vw] flex-col bg-surface shadow-raised outline-none",
            side === "right"
              ? "right-0 w-xl animate-slide-in border-line-strong border-l"
              : "left-0 w-72 animate-slide-in-left border-line-strong border-r",
            className,
          )}
        >
          <header className="flex min-h-11 shrink-0 items-center gap-1 border-line border-b py-1 pr-2 pl-4">
            <Radix.Title className="line-clamp-2 min-w-0 flex-1 break-words font-semibold text-base">
              {title}
            </Radix.Title>
            {actions}
            <Radix.Close asChild>
              <IconButton label={t("close")} icon={<X aria-hidden className="size-4" />} />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
