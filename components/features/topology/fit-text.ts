/** From here on, letters are as wide as they are high (Chinese, Japanese, Korean). */
const FIRST_WIDE = 0x1100;

/**
 * A text cut to a number of letters, those that are as wide as high counted twice. For places where the browser should
 * not cut it, because there are too many.
 */
export function fitText(text: string, letters: number): string {
  let left = letters;
  const kept: string[] = [];
  for (const letter of text) {
    left -= (letter.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 : 1;
    if (left < 0) return `${kept.slice(0, -1).join("")}…`;
    kept.push(letter);
  }
  return text;
}
