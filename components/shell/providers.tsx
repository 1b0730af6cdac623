"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useEffect, useState } from "react";
import { getQueryClient } from "#components/lib/query-client.ts";
import type { ZoneChoice } from "#components/lib/time-zone.ts";
import { Toaster } from "#components/ui/toaster.tsx";
import { TooltipProvider } from "#components/ui/tooltip.tsx";
import { PreferencesProvider } from "./preferences.tsx";

type ProvidersProps = { zoneChoice: ZoneChoice; rememberedZone: string | undefined; children: ReactNode };

/** Everything that the client components of any page rely on. */
export function Providers({ zoneChoice, rememberedZone, children }: ProvidersProps) {
  // Not while it mounts, when nothing changes: it costs the style of every element four times.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange={isMounted}
    >
      <QueryClientProvider client={getQueryClient()}>
        <NuqsAdapter>
          <PreferencesProvider zoneChoice={zoneChoice} rememberedZone={rememberedZone}>
            <TooltipProvider>
              {children}
              <Toaster />
            </TooltipProvider>
          </PreferencesProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
