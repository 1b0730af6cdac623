"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, Suspense } from "react";
import { useLiveSocket } from "#components/live/use-live-socket.ts";
import { AimedLink } from "#components/ui/aimed-link.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { ShortcutListener, useShortcuts } from "#components/ui/shortcuts.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { Logo } from "./logo.tsx";
import { Navigation } from "./navigation.tsx";
import { isInRoom, OPEN_ROOMS } from "./rooms.ts";
import { ShellProvider, useShell } from "./shell-context.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { StatusBar } from "./status-bar.tsx";
import { withWindow } from "./time-range.ts";

type ConsoleShellProps = { startsNarrow: boolean; children: ReactNode };

/** The frame around every page: navigation, the page, and the bar that says how fresh it is. */
export function ConsoleShell({ startsNarrow, children }: ConsoleShellProps) {
  return (
    <ShellProvider startsNarrow={startsNarrow}>
      <Frame>{children}</Frame>
    </ShellProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  useShellShortcuts();
  useLiveSocket();
  return (
    <div className="flex h-dvh">
      <a
        href="#content"
        className="-translate-y-16 fixed top-2 left-2 z-50 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus:translate-y-0"
      >
        {t("skipToContent")}
      </a>
      {/* What stands around a page is taken over after the page itself, unless somebody reaches for it. */}
      <Suspense>
        <Sidebar />
      </Suspense>
      <div className="flex min-w-0 flex-1 flex-col">
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col overflow-auto outline-none">
          {children}
        </main>
        <Suspense>
          <StatusBar />
        </Suspense>
      </div>
      <NavigationDrawer />
      <CommandPalette />
      <ShortcutHelp />
      <ShortcutListener />
    </div>
  );
}

function Sidebar() {
  const t = useTranslations("shell");
  const { isNarrow, toggleNarrow } = useShell();
  const Toggle = isNarrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside
      className={classNames(
        "hidden shrink-0 flex-col border-line border-r bg-surface md:flex",
        isNarrow ? "w-12" : "w-52",
      )}
    >
      <Home isNarrow={isNarrow} />
      <div className="min-h-0 flex-1 overflow-y-auto [scrollbar-width:none]">
        <Navigation isNarrow={isNarrow} />
      </div>
      <div className="border-line border-t p-2">
        <IconButton
          label={isNarrow ? t("expandNavigation") : t("collapseNavigation")}
          keys="["
          tooltipSide="right"
          icon={<Toggle aria-hidden className="size-4" />}
          className="w-8"
          onClick={toggleNarrow}
        />
      </div>
    </aside>
  );
}

function NavigationDrawer() {
  const t = useTranslations("common");
  const { layer, setLayer } = useShell();
  return (
    <Sheet
      side="left"
      title={t("appName")}
      open={layer === "navigation"}
      onOpenChange={(isOpen) => setLayer(isOpen ? "navigation" : null)}
    >
      <Navigation isNarrow={false} onNavigate={() => setLayer(null)} />
    </Sheet>
  );
}

function Home({ isNarrow }: { isNarrow: boolean }) {
  const t = useTranslations("common");
  return (
    <AimedLink
      href="/"
      aria-label={t("appName")}
      className="flex h-11 shrink-0 items-center gap-2 border-line border-b px-3.5 font-semibold text-base tracking-tight -outline-offset-2"
    >
      <Logo className="size-5 shrink-0 text-accent" />
      {isNarrow ? null : t("appName")}
    </AimedLink>
  );
}

function useShellShortcuts() {
  const t = useTranslations("shell");
  const router = useRouter();
  const { layer, setLayer, toggleNarrow } = useShell();
  useShortcuts([
    {
      keys: "mod+k",
      label: t("shortcuts.openPalette"),
      group: "general",
      run: () => setLayer(layer === "palette" ? null : "palette"),
    },
    { keys: "?", label: t("shortcuts.openHelp"), group: "general", run: () => setLayer("help") },
    { keys: "[", label: t("shortcuts.toggleSidebar"), group: "general", run: toggleNarrow },
    ...OPEN_ROOMS.map((room) => ({
      keys: `g ${room.letter}`,
      label: t(`rooms.${room.id}.title`),
      group: "goTo" as const,
      run: () => {
        const { pathname, search } = window.location;
        router.push(isInRoom(pathname, room.href) ? room.href : withWindow(room.href, search));
      },
    })),
  ]);
}
