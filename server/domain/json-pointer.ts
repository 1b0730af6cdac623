/** JSON Pointers (RFC 6901): `""` is the whole document, `/lines/0/sku` a field in it. */

/** A pointer one level deeper. */
export function appendToken(pointer: string, token: string | number): string {
  return `${pointer}/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.reduce<string>(appendToken, "");
}

/** The tokens of a pointer, or null when the text is none. */
export function parsePointer(pointer: string): string[] | null {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
