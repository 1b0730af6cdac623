"use client";

import { CircleCheck, CircleX, Info, type LucideIcon, TriangleAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { dismissToast, getToasts, subscribeToToasts, type Toast } from "./toast-store.ts";

const SHOWN_MS = 6000;

const LOOKS: Record<Toast["tone"], { icon: LucideIcon; className: string }> = {
  ok: { icon: CircleCheck, className: "text-ok-ink" },
  info: { icon: Info, className: "text-info-ink" },
  warn: { icon: TriangleAlert, className: "text-warn-ink" },
  danger: { icon: CircleX, className: "text-danger-ink" },
};

/** Shows what `showToast` says. Put it once in the application. */
export function Toaster() {
  const t = useTranslations("common");
  const toasts = useSyncExternalStore(subscribeToToasts, getToasts, getToasts);
  return (
    <Radix.Provider label={t("notifications")} duration={SHOWN_MS} swipeDirection="right">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Radix.Viewport className="fixed right-3 bottom-10 z-50 flex w-80 max-w-[calc(100vw-1.5rem)] flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const t = useTranslations("common");
  const { icon: Icon, className } = LOOKS[toast.tone];
  return (
    <Radix.Root
      type={toast.tone === "danger" ? "foreground" : "background"}
      onOpenChange={(isOpen) => {
        if (!isOpen) dismissToast(toast.id);
      }}
      className="flex animate-enter items-start gap-2 rounded-lg border border-line-strong bg-raised p-3 shadow-raised"
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${className}`} />
      <div className="min-w-0 flex-1">
        <Radix.Title className="font-medium">{toast.title}</Radix.Title>
        {toast.description === undefined ? null : (
          <Radix.Description className="break-words text-ink-muted text-xs">
            {toast.description}
          </Radix.Description>
        )}
        {toast.action === undefined ? null : (
          <Radix.Action altText={toast.action.label} asChild>
            <Button size="sm" className="mt-1.5" onClick={toast.action.run}>
              {toast.action.label}
            </Button>
          </Radix.Action>
        )}
      </div>
      <Radix.Close asChild>
        <IconButton size="sm" label={t("dismiss")} icon={<X aria-hidden className="size-3.5" />} />
      </Radix.Close>
    </Radix.Root>
  );
}
