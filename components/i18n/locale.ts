export const LOCALES = ["en", "ja"] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language in its own words. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", ja: "日本語" };

const FALLBACK: Locale = "en";

function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The language for a request: the remembered choice, else the best of what the browser accepts, else English. */
export function pickLocale(remembered: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(remembered)) return remembered;
  return readAcceptLanguage(acceptLanguage ?? "").find(isLocale) ?? FALLBACK;
}

/** Primary language subtags of an `Accept-Language` header, most wanted first. */
function readAcceptLanguage(header: string): string[] {
  return header
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.trim().split(";");
      const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.trim().toLowerCase().split("-", 1)[0] ?? "", quality: Number(quality ?? 1) };
    })
    .filter(({ language, quality }) => language !== "" && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language);
}
