/** A text in quotes, of those kinds that error messages use. An apostrophe within a word opens none. */
export const QUOTED_PATTERN = [
  String.raw`(?<![A-Za-z0-9])'[^'\n]{0,300}'(?![A-Za-z0-9])`,
  String.raw`"[^"\n]{0,300}"`,
  "`[^`'\\n]{0,300}['`]",
  String.raw`“[^”\n]{0,300}”`,
  String.raw`‘[^’\n]{0,300}’`,
  String.raw`«[^»\n]{0,300}»`,
  String.raw`「[^」\n]{0,300}」`,
].join("|");

/** Words before a quote that say that it names a part of a program or of a database. */
const NAMING_BEFORE =
  /(?:^|[^A-Za-z])(?:reading|setting|property|properties|field|fields|column|columns|constraint|index|relation|table|key|attribute|member|method|function|operator|type|class|module|package|parameter|argument|arg|variable|name|named|object|schema|database|role|sequence|trigger|view|invoke|because|service|bean|topic|queue|exchange|channel|header|option|provider|collection|symbol|import|command|scheme)[\s(]{1,2}$/i;
/** Words behind it that say so. */
const NAMING_AFTER =
  /^\)? (?:object|is null|is not (?:a|an|defined|iterable|supported|callable|subscriptable)\b|has no|of (?:relation|undefined|null|table)|column|relation|constraint|property|field|attribute|module|must)/i;
const NAME = /^[A-Za-z_$@#<][\w$.\-:\\#()[\]<>@/]{0,150}$/;
const SURROUNDINGS = 24;

/**
 * Whether the quoted text is a name, by what it looks like and by the words around it: `column "total"`, and not
 * `customer "total"`. A name alone is the whole message, as of Python's `KeyError`.
 */
export function isQuotedName(content: string, text: string, start: number, end: number): boolean {
  if (!NAME.test(content)) return false;
  if (start === 0 && end === text.length) return true;
  return (
    NAMING_BEFORE.test(text.slice(Math.max(0, start - SURROUNDINGS), start)) ||
    NAMING_AFTER.test(text.slice(end, end + SURROUNDINGS))
  );
}
