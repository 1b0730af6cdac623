/** From here on, letters are as wide as they are high (Chinese, Japanese, Korean). */
const FIRST_WIDE = 0x1100;

/** Letters of a text, those that are as wide as high counted twice: its width in a monospace font. */
export function countCells(text: string): number {
  let cells = 0;
  for (const letter of text) cells += cellsOf(letter);
  return cells;
}

/**
 * A text cut at its end to a number of letters, those that are as wide as high counted twice. For places where the
 * browser should not cut it, because there are too many, or can't.
 */
export function fitText(text: string, letters: number): string {
  const kept = keep([...text], letters);
  return kept === null ? text : `${kept.join("")}…`;
}

/** The same cut at its beginning: names begin alike, and are told apart by how they end. */
export function fitTextEnd(text: string, letters: number): string {
  const kept = keep([...text].reverse(), letters);
  return kept === null ? text : `…${kept.reverse().join("")}`;
}

/** What fits beside a sign of omission; null where all of it fits. */
function keep(letters: readonly string[], room: number): string[] | null {
  let left = room;
  const kept: string[] = [];
  for (const letter of letters) {
    left -= cellsOf(letter);
    if (left < 0) return kept.slice(0, -1);
    kept.push(letter);
  }
  return null;
}

function cellsOf(letter: string): number {
  return (letter.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 : 1;
}
