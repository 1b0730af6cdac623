/**
 * At most `limit` rows of a table: those whose keys have the smallest hash. What is among the smallest of all is among
 * the smallest of any part, so tables may be cut before they are added up as well as after, and a row that is kept has
 * lost nothing.
 */
export function keepSmallest<Row>(table: { [key: string]: Row }, limit: number): { [key: string]: Row } {
  const entries = Object.entries(table);
  if (entries.length <= limit) return table;
  const byHash = entries
    .map(([key, row]) => ({ key, row, hash: hashOf(key) }))
    .sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1));
  return Object.fromEntries(byHash.slice(0, limit).map(({ key, row }) => [key, row]));
}

/** FNV-1a over the units of the text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
