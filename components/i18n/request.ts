import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { COOKIES } from "#components/lib/cookies.ts";
import { parseZoneChoice, resolveTimeZone } from "#components/lib/time-zone.ts";
import { pickLocale } from "./locale.ts";
import en from "./messages/en.json" with { type: "json" };
import ja from "./messages/ja.json" with { type: "json" };

const MESSAGES = { en, ja };

/** Language and time zone of a request, from its cookies and `Accept-Language`: addresses carry no language. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = pickLocale(jar.get(COOKIES.locale)?.value, (await headers()).get("accept-language"));
  const timeZone = resolveTimeZone(
    parseZoneChoice(jar.get(COOKIES.zoneChoice)?.value),
    jar.get(COOKIES.zone)?.value,
  );
  return { locale, timeZone, messages: MESSAGES[locale] };
});
