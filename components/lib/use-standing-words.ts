"use client";

import { useTranslations } from "next-intl";
import type { Standing } from "./saga-standing.ts";

/** Says where a saga is; empty where there is nothing to say. */
export function useStandingWords(): (standing: Standing) => string {
  const t = useTranslations("sagas.standing");
  const nameOf = (step: string | null) => step ?? t("something");
  return (standing) => {
    switch (standing.kind) {
      case "awaits":
        return t(`awaits.${standing.what}`, { step: standing.step });
      case "failed":
        return t(`failed.${standing.reason}`, { step: nameOf(standing.step) });
      case "got-over":
        return t("gotOver", { step: nameOf(standing.step) });
      case "nothing":
        return "";
    }
  };
}
