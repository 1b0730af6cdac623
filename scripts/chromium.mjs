// @ts-check
import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium of this system: the one that CHROMIUM_PATH names, or one in a usual place. Null when there is none. */
export function findSystemChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  return PLACES.find((place) => existsSync(place)) ?? null;
}
