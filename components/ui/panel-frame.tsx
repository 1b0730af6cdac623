"use client";

import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { IconButton } from "./icon-button.tsx";

type PanelFrameProps = {
  /** What the panel is, for assistive technology. */
  label: string;
  title: string;
  icon?: ReactNode;
  badge?: ReactNode;
  onClose: () => void;
  children: ReactNode;
};

/** What stands beside a list or a picture: a title, a way to close it, and sections below. */
export function PanelFrame({ label, title, icon, badge, onClose, children }: PanelFrameProps) {
  const t = useTranslations("common");
  return (
    <section aria-label={label} className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 md:px-4">
        {icon}
        <h2 title={title} className="min-w-0 truncate font-medium">
          {title}
        </h2>
        {badge}
        <span className="flex-1" />
        <IconButton
          label={t("closePanel")}
          keys="escape"
          icon={<X aria-hidden className="size-4" />}
          onClick={onClose}
        />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </section>
  );
}

/** A part of a panel under its own heading. */
export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-b px-3 py-3 last:border-b-0 md:px-4">
      <h3 className="mb-2 font-medium text-ink-muted text-xs">{title}</h3>
      {children}
    </section>
  );
}
