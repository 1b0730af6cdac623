"use client";

import { useTranslations } from "next-intl";
import { AlertDialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { useReturnFocus } from "./use-return-focus.ts";

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, with numbers, and whether it can be undone. */
  description: ReactNode;
  /** The verb on the button: "Discard 12 letters", never "OK". */
  confirmLabel: string;
  isDangerous?: boolean;
  isBusy?: boolean;
  onConfirm: () => void;
  children?: ReactNode;
};

/** Asks before something that matters. The focus starts on Cancel, and a click outside does not answer. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTranslations("common");
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-enter bg-scrim" />
        <Radix.Content
          {...returnFocus}
          className="fixed top-[18vh] left-1/2 z-40 flex w-[calc(100vw-1.5rem)] max-w-md -translate-x-1/2 flex-col gap-2 rounded-lg border border-line-strong bg-raised p-4 shadow-raised outline-none"
        >
          <Radix.Title className="font-semibold text-base">{props.title}</Radix.Title>
          <Radix.Description asChild>
            <div className="text-ink-muted text-sm">{props.description}</div>
          </Radix.Description>
          {props.children}
          <div className="mt-2 flex flex-wrap justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>{t("cancel")}</Button>
            </Radix.Cancel>
            <Button
              variant={props.isDangerous ? "danger" : "primary"}
              isBusy={props.isBusy}
              onClick={props.onConfirm}
            >
              {props.confirmLabel}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
