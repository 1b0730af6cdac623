"use client";

import { useRouter } from "next/navigation";
import { useLocale } from "next-intl";
import { useTheme } from "next-themes";
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useSyncExternalStore,
  useTransition,
} from "react";
import type { Locale } from "#components/i18n/locale.ts";
import { COOKIES, writeCookie } from "#components/lib/cookies.ts";
import { createFormat } from "#components/lib/format.ts";
import { resolveTimeZone, type ZoneChoice } from "#components/lib/time-zone.ts";
import { FormatProvider } from "#components/ui/format-context.tsx";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

type ZoneState = { choice: ZoneChoice; servedZone: string };

const ZoneContext = createContext<ZoneState | null>(null);

type PreferencesProviderProps = {
  zoneChoice: ZoneChoice;
  /** The zone that the browser had on an earlier visit; undefined on the first. */
  rememberedZone: string | undefined;
  children: ReactNode;
};

/** Language and time zone of everything below, from the cookies that the server read and the browser's zone. */
export function PreferencesProvider({ zoneChoice, rememberedZone, children }: PreferencesProviderProps) {
  const locale = useLocale();
  useEffect(() => {
    const browserZone = readBrowserZone();
    if (browserZone !== rememberedZone) writeCookie(COOKIES.zone, browserZone);
  }, [rememberedZone]);
  const servedZone = rememberedZone ?? "UTC";
  const servedIn = resolveTimeZone(zoneChoice, servedZone);
  // While the server renders, this is its own zone, in which it writes nothing.
  const ownIn = resolveTimeZone(zoneChoice, readBrowserZone());
  const served = useMemo(() => createFormat(locale, servedIn), [locale, servedIn]);
  const own = useMemo(
    () => (ownIn === servedIn ? served : createFormat(locale, ownIn)),
    [locale, ownIn, served, servedIn],
  );
  const zone = useMemo(() => ({ choice: zoneChoice, servedZone }), [zoneChoice, servedZone]);
  return (
    <ZoneContext value={zone}>
      <FormatProvider served={served} own={own}>
        {children}
      </FormatProvider>
    </ZoneContext>
  );
}

/** How this person likes the console, and how to change it. */
export function usePreferences() {
  const router = useRouter();
  const locale = useLocale();
  const zone = use(ZoneContext);
  const { theme, setTheme } = useTheme();
  const [isChanging, startChange] = useTransition();
  if (zone === null) throw new Error("usePreferences needs a PreferencesProvider above it.");
  const browserZone = useSyncExternalStore(subscribeToNothing, readBrowserZone, () => zone.servedZone);

  const remember = (name: string, value: string) => {
    writeCookie(name, value);
    startChange(() => router.refresh());
  };
  return {
    locale,
    setLocale: (next: Locale) => remember(COOKIES.locale, next),
    /** Undefined until the browser has said. */
    theme: THEMES.find((each) => each === theme),
    setTheme: (next: Theme) => setTheme(next),
    zoneChoice: zone.choice,
    browserZone,
    setZoneChoice: (next: ZoneChoice) => remember(COOKIES.zoneChoice, next),
    isChanging,
  };
}

const subscribeToNothing = () => () => {};
const readBrowserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
