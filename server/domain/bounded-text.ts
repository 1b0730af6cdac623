/** Colours and cursor movements of terminals, which error messages of tools are full of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ANSI_SEQUENCE = /[\u001b\u009b]\[?[\d;?]{0,32}[@-~]/g;
/** Everything that has no shape on a screen and may do harm there or in a database, save tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const MARK = "…";

/**
 * A text from outside, made fit to be stored and shown: at most `limit` UTF-16 units, without control characters
 * (Postgres refuses NUL), without marks that turn the direction of writing, and well-formed. A cut ends in "…".
 */
export function boundedText(text: string, limit: number): string {
  // What is cut off here can't come back into view, whatever the cleaning takes away.
  const isCut = text.length > limit * 2;
  const start = isCut ? text.slice(0, limit * 2) : text;
  const clean = start
    .replaceAll("\r\n", "\n")
    .replace(ANSI_SEQUENCE, "")
    .replace(CONTROL_CHARACTER, "")
    .toWellFormed();
  if (clean.length <= limit && !isCut) return clean;
  return withoutHalf(clean.slice(0, limit - MARK.length)) + MARK;
}

/** Without the first half of a surrogate pair at the end, whose second half was cut off. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
