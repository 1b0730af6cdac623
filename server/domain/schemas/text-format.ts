/** Formats that texts are recognised by, each narrower than what the standard allows under its name. */
export const TEXT_FORMATS = ["date-time", "date", "uuid", "email", "uri"] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const EMAIL = /^[a-z\d](?:[\w%+-]|\.(?!\.|@)){0,63}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,24}$/i;
const URI =
  /^(?:https?|ftp|wss?):\/\/[a-z\d](?:[a-z\d.-]{0,250}[a-z\d])?(?::\d{1,5})?(?:[/?#][\w\-./?%&=+#~:@!$'()*,;]*)?$/i;
const LONGEST = 2000;

/** The format that a text is written in, or null when it is in none of them. */
export function formatOf(text: string): TextFormat | null {
  if (text.length > LONGEST) return null;
  if (isDate(text)) return "date";
  if (/[Tt]/.test(text.charAt(10)) && isDate(text.slice(0, 10)) && TIME.test(text.slice(11)))
    return "date-time";
  if (UUID.test(text)) return "uuid";
  if (EMAIL.test(text)) return "email";
  return URI.test(text) && !/%(?![\da-f]{2})/i.test(text) && text.split("#").length <= 2 ? "uri" : null;
}

/** A day that there is: the 30th of February looks like one, too. */
function isDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).getUTCDate() === Number(text.slice(8));
}
