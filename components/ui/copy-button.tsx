"use client";

import { Check, Copy, type LucideIcon, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button, type ButtonSize } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { type CopyState, useCopy } from "./use-copy.ts";

const ICONS: Record<Exclude<CopyState, "idle">, LucideIcon> = { copied: Check, failed: X };

type CopyButtonProps = {
  /** The text, or how to make it when it is costly. */
  text: string | (() => string);
  /** What is copied: "Copy id". With `isLabelShown` it stands on the button. */
  label?: string | undefined;
  isLabelShown?: boolean;
  /** Instead of the common sign for copying, where several buttons copy different things. */
  icon?: LucideIcon;
  size?: ButtonSize;
  className?: string;
};

/** Copies a text and says that it did, by its icon, by its name and aloud. */
export function CopyButton(props: CopyButtonProps) {
  const { text, label, isLabelShown = false, icon: IdleIcon = Copy, size = "sm", className } = props;
  const t = useTranslations("common");
  const { state, copy } = useCopy();
  const names: Record<CopyState, string> = {
    idle: label ?? t("copy"),
    copied: t("copied"),
    failed: t("copyFailed"),
  };
  const Icon = state === "idle" ? IdleIcon : ICONS[state];
  const icon = <Icon aria-hidden className={state === "copied" ? "size-3.5 text-ok-ink" : "size-3.5"} />;
  const run = () => void copy(typeof text === "string" ? text : text());
  return (
    <>
      {isLabelShown ? (
        <Button size={size} icon={icon} onClick={run} {...(className !== undefined && { className })}>
          {state === "failed" ? names.failed : names.idle}
        </Button>
      ) : (
        <IconButton
          size={size}
          label={names[state]}
          icon={icon}
          onClick={run}
          {...(className !== undefined && { className })}
        />
      )}
      <span role="status" className="sr-only">
        {state === "idle" ? "" : names[state]}
      </span>
    </>
  );
}
