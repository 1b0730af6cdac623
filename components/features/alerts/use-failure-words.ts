import { useTranslations } from "next-intl";
import type { TryOutcomeDto } from "#server/contract/alert-destinations.ts";

/** What the other side says may be a page: of that, lists show what fits into a line. */
const SHORT = 80;

/** Why a message was not taken, in the reader's language, and what the other side said in its own; null where it was. */
export function useFailureWords() {
  const t = useTranslations("alerts.failures");
  const whole = ({ failure, detail, code, error }: TryOutcomeDto): string | null => {
    if (failure === null) return error;
    const why = t(failure, { code: String(code ?? "") });
    return detail === null ? why : `${why} ${detail}`;
  };
  const short = (outcome: TryOutcomeDto): string | null =>
    whole(outcome.detail !== null && outcome.detail.length > SHORT ? { ...outcome, detail: null } : outcome);
  return { whole, short };
}
