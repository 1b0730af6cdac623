export const PRESETS = ["5m", "15m", "30m", "1h", "6h", "24h", "7d", "30d"] as const;
export type Preset = (typeof PRESETS)[number];

/** A window of recorded time: a span that ends now, or fixed ends of which one may be open. */
export type TimeRange =
  | { kind: "relative"; preset: Preset }
  | { kind: "absolute"; from: string | null; to: string | null };

/** The range as it stands in an address; null where the address says nothing. */
export type TimeRangeParams = { range: string | null; from: string | null; to: string | null };

export const DEFAULT_RANGE: TimeRange = { kind: "relative", preset: "1h" };

const PRESET_MS: Record<Preset, number> = {
  "5m": 5 * 60_000,
  "15m": 15 * 60_000,
  "30m": 30 * 60_000,
  "1h": 3_600_000,
  "6h": 6 * 3_600_000,
  "24h": 24 * 3_600_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

function isPreset(value: unknown): value is Preset {
  return PRESETS.some((preset) => preset === value);
}

/** Reads a range from an address. Fixed ends win over a span; what can't be read counts as absent. */
export function parseTimeRange(params: TimeRangeParams, fallback: TimeRange = DEFAULT_RANGE): TimeRange {
  const from = parseMoment(params.from);
  const to = parseMoment(params.to);
  if ((from !== null || to !== null) && isOrdered(from, to)) return { kind: "absolute", from, to };
  if (isPreset(params.range)) return { kind: "relative", preset: params.range };
  return fallback;
}

/** Writes a range for an address, so that the link opens the same window for a colleague. */
export function formatTimeRange(range: TimeRange): TimeRangeParams {
  if (range.kind === "relative") return { range: range.preset, from: null, to: null };
  return { range: null, from: range.from, to: range.to };
}

/** The window as RFC 3339 moments. A relative one has no end: what arrives later belongs to it. */
export function resolveTimeRange(range: TimeRange, now: number): { from: string | null; to: string | null } {
  if (range.kind === "absolute") return { from: range.from, to: range.to };
  return { from: new Date(now - presetMs(range.preset)).toISOString(), to: null };
}

/** Rooms whose pages show a window of time. */
const ROOMS_IN_TIME = ["/events", "/topology", "/sagas", "/metrics", "/dead-letters", "/consumers"];

/**
 * The way to another page with the fixed window that this one shows, so that what was zoomed into stays in sight; the way
 * as it is where this page shows none, or the other one has no time range.
 *
 * @param search that of the present address.
 */
export function withWindow(href: string, search: string): string {
  const [path = "", given = ""] = href.split("?", 2);
  const isInTime = ROOMS_IN_TIME.some((room) => path === room || path.startsWith(`${room}/`));
  const here = new URLSearchParams(search);
  const range = parseTimeRange({ range: null, from: here.get("from"), to: here.get("to") });
  const params = new URLSearchParams(given);
  if (!isInTime || range.kind === "relative" || params.has("from") || params.has("to")) return href;
  if (range.from !== null) params.set("from", range.from);
  if (range.to !== null) params.set("to", range.to);
  return `${path}?${params}`;
}

export function presetMs(preset: Preset): number {
  return PRESET_MS[preset];
}

/** True when the ends are in order; an open end always is. */
export function isOrdered(from: string | null, to: string | null): boolean {
  return from === null || to === null || Date.parse(from) < Date.parse(to);
}

function parseMoment(value: string | null): string | null {
  if (value === null) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
