/**
 * The address of a view for somebody else, or for later: a span that ends "now" is written as the window that it
 * was, so that the link opens what is on the screen.
 */
export function toShareLink(href: string, shown: { windowFrom: string | null; upTo: string } | null): string {
  const url = new URL(href);
  const isFixed = url.searchParams.has("from") || url.searchParams.has("to");
  if (isFixed || shown === null) return href;
  url.searchParams.delete("range");
  if (shown.windowFrom !== null) url.searchParams.set("from", shown.windowFrom);
  // The end of a window is outside of it.
  url.searchParams.set("to", new Date(Date.parse(shown.upTo) + 1).toISOString());
  return url.toString();
}
