const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Cookies that remember how this person likes the console. They hold no secret and scripts may read them. */
export const COOKIES = {
  locale: "nagare-locale",
  /** `local` or `utc`. */
  zoneChoice: "nagare-zone-choice",
  /** The browser's own time zone, so that the first page is already rendered in it. */
  zone: "nagare-zone",
  /** `narrow` when the navigation shows icons only. */
  sidebar: "nagare-sidebar",
} as const;

/** Sets a cookie from the browser for a year, for every page of the console. */
export function writeCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on insecure origins
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}
