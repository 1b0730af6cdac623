"use client";

import { useTranslations } from "next-intl";

/** What is said of an error when it is there: any `Error` will do. */
type SayableError = { code?: string; message: string };

/** What goes wrong between here and there, which is said in the reader's language: it names nothing in particular. */
const CODES_WITH_WORDS = ["unreachable", "timeout", "unavailable", "overloaded"] as const;
/** What the server refuses, it explains in English; the reader's language says at least what kind of refusal it is. */
const REFUSALS = ["invalid", "conflict", "not-found", "forbidden", "too-large", "internal"] as const;

/** Says what went wrong in the reader's language, as far as that is known. */
export function useErrorWords(): (error: SayableError) => string {
  const t = useTranslations("common");
  return ({ code, message }) => {
    const own = CODES_WITH_WORDS.find((each) => each === code);
    if (own !== undefined) return t(`errors.${own}`);
    const refusal = REFUSALS.find((each) => each === code);
    return refusal === undefined ? message : t(`refusals.${refusal}`, { message });
  };
}
