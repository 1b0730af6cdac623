import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { ENGLISH } from "#components/i18n/english.ts";
import { JAPANESE } from "#components/i18n/japanese.ts";
import { COOKIES } from "#components/lib/cookies.ts";
import { parseZoneChoice } from "#components/lib/time-zone.ts";
import { Providers } from "#components/shell/providers.tsx";

export const metadata: Metadata = {
  title: { default: "Nagare", template: "%s · Nagare" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#12171a" },
  ],
};

const MESSAGES = { en: ENGLISH, ja: JAPANESE };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, locale] = await Promise.all([cookies(), getLocale()]);
  return (
    // The theme is set on this element before the first paint, which React can't know of.
    <html lang={locale} className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <NextIntlClientProvider messages={MESSAGES[locale]}>
          <Providers
            zoneChoice={parseZoneChoice(jar.get(COOKIES.zoneChoice)?.value)}
            rememberedZone={jar.get(COOKIES.zone)?.value}
          >
            {children}
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
