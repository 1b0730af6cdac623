"use client";

import { Menu, Search } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { PreferencesMenu } from "./preferences-menu.tsx";
import { useShell } from "./shell-context.tsx";

type PageHeaderProps = {
  title: ReactNode;
  /** Beside the title: a badge, a count, a short state. */
  meta?: ReactNode;
  /** The page's own controls, such as its time range. On a phone they take a line of their own. */
  actions?: ReactNode;
  /** A second line under all of it: filters, tabs. */
  children?: ReactNode;
};

/** The top bar of a page. Every page starts with one, so that title, search and preferences never move. */
export function PageHeader({ title, meta, actions, children }: PageHeaderProps) {
  const t = useTranslations("shell");
  const { setLayer } = useShell();
  return (
    <header className="sticky top-0 z-20 shrink-0 border-line border-b bg-surface">
      <div className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1.5 px-2 py-1.5 md:flex-nowrap md:px-4">
        <IconButton
          className="md:hidden"
          label={t("openNavigation")}
          icon={<Menu aria-hidden className="size-4" />}
          onClick={() => setLayer("navigation")}
        />
        <h1 className="min-w-0 truncate font-semibold text-base max-md:flex-1 max-md:basis-0">{title}</h1>
        {meta}
        <span className="hidden flex-1 md:block" />
        {actions === undefined ? null : (
          <div className="order-last flex w-full flex-wrap items-center gap-2 md:order-none md:w-auto md:shrink-0">
            {actions}
          </div>
        )}
        <button
          type="button"
          onClick={() => setLayer("palette")}
          className="hidden h-7 shrink-0 items-center gap-2 whitespace-nowrap rounded-md border border-line-strong bg-sunken pr-1.5 pl-2 text-ink-muted text-sm hover:bg-hover hover:text-ink lg:inline-flex"
        >
          <Search aria-hidden className="size-3.5" />
          <span className="pr-4">{t("palette.open")}</span>
          <Kbd keys="mod+k" />
        </button>
        <IconButton
          className="lg:hidden"
          label={t("palette.open")}
          icon={<Search aria-hidden className="size-4" />}
          onClick={() => setLayer("palette")}
        />
        <PreferencesMenu />
      </div>
      {children}
    </header>
  );
}
