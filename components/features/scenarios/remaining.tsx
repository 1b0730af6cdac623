"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "#components/ui/format-context.tsx";
import { useNow } from "#components/ui/use-now.ts";

/** How long something still goes on. */
export function Remaining({ endsAt }: { endsAt: string }) {
  const t = useTranslations("scenarios");
  const format = useFormat();
  const left = Math.max(0, Math.ceil((Date.parse(endsAt) - useNow()) / 1_000));
  // The server and the browser look at the clock at different moments.
  return <span suppressHydrationWarning>{t("remaining", { duration: format.duration(left * 1_000) })}</span>;
}
