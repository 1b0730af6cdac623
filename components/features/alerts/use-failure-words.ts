import { useTranslations } from "next-intl";
import type { TryOutcomeDto } from "#server/contract/alert-destinations.ts";

/** Why a message was not taken, in the reader's language, and what the other side said in its own; null where it was. */
export function useFailureWords(): (outcome: TryOutcomeDto) => string | null {
  const t = useTranslations("alerts.failures");
  return ({ failure, detail, code, error }) => {
    if (failure === null) return error;
    const why = t(failure, { code: String(code ?? "") });
    return detail === null ? why : `${why} ${detail}`;
  };
}
