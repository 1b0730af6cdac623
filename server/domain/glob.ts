/**
 * Globs as our filters take them: `*` stands for any run of characters, everything else for itself.
 */

export function isGlob(pattern: string): boolean {
  return pattern.includes("*");
}

/** The glob as a pattern of SQL's `like`. */
export function globToLike(pattern: string): string {
  return pattern.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
}

/** Text to find anywhere, as a pattern of SQL's `like`. */
export function textToLike(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** A test for whole strings, in time linear in their length for any number of `*`. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return (text) => text === pattern;
  const last = rest.pop() ?? "";
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
