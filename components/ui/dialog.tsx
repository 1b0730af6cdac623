"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { focusFirstField } from "./focus-first-field.ts";
import { IconButton } from "./icon-button.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** For a form of several columns. */
  isWide?: boolean;
  /** Buttons at the foot, the main one last. */
  actions?: ReactNode;
  children?: ReactNode;
};

/** A window that has to be answered before going on. Escape and the cross close it. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, isWide = false, actions, children } = props;
  const t = useTranslations("common");
  const returnFocus = useReturnFocus(focusFirstField);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-enter bg-scrim" />
        <Radix.Content
          {...returnFocus}
          // A click that slipped must not throw away what was typed.
          onPointerDownOutside={(event) => event.preventDefault()}
          {...(description === undefined && { "aria-describedby": undefined })}
          className={classNames(
            "fixed left-1/2 z-40 flex w-[calc(100vw-1.5rem)] -translate-x-1/2 flex-col rounded-lg border border-line-strong bg-raised shadow-raised outline-none",
            isWide ? "top-[6vh] max-h-[88vh] max-w-2xl" : "top-[12vh] max-h-[80vh] max-w-lg",
          )}
        >
          <header className="flex items-start justify-between gap-3 border-line border-b px-4 pt-3 pb-2.5">
            <div className="min-w-0 py-0.5">
              <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
              {description === undefined ? null : (
                <Radix.Description className="mt-0.5 text-ink-muted text-sm">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label={t("close")} icon={<X aria-hidden className="size-4" />} />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">{children}</div>
          {actions === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-4 py-3">
              {actions}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
