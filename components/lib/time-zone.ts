export const ZONE_CHOICES = ["local", "utc"] as const;
export type ZoneChoice = (typeof ZONE_CHOICES)[number];

/** Reads the remembered choice; `local` for anything else. */
export function parseZoneChoice(value: string | undefined): ZoneChoice {
  return value === "utc" ? "utc" : "local";
}

/** The zone to show times in. UTC while the browser's own zone is not known yet. */
export function resolveTimeZone(choice: ZoneChoice, browserZone: string | undefined): string {
  if (choice === "utc" || browserZone === undefined || !isTimeZone(browserZone)) return "UTC";
  return browserZone;
}

/** The name that was asked for last, since it takes a browser milliseconds to tell. */
let last = { name: "UTC", isTimeZone: true };

function isTimeZone(name: string): boolean {
  if (name !== last.name) last = { name, isTimeZone: canFormatIn(name) };
  return last.isTimeZone;
}

function canFormatIn(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
