import { colourOf } from "#components/ui/canvas-colour.ts";

const NAMES = {
  surface: "var(--surface)",
  sunken: "var(--sunken)",
  line: "var(--line)",
  lineStrong: "var(--line-strong)",
  ink: "var(--ink)",
  inkMuted: "var(--ink-muted)",
  inkFaint: "var(--ink-faint)",
  onAccent: "var(--on-accent)",
  work: "var(--accent)",
  undo: "var(--store)",
  running: "var(--info)",
  failed: "var(--danger)",
  failedSoft: "var(--danger-soft)",
  interrupted: "var(--warn)",
  wait: "var(--control)",
  selected: "var(--selected)",
  selectedLine: "var(--accent-strong)",
  gap: "var(--warn)",
} as const;

export type TimelineColours = Record<keyof typeof NAMES, string> & { font: string };

/** The colours of the theme, as a canvas takes them. */
export function readColours(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const colours = Object.fromEntries(
    Object.entries(NAMES).map(([name, colour]) => [name, colourOf(colour, style)]),
  );
  // Every name of the list has its colour.
  return { ...(colours as Record<keyof typeof NAMES, string>), font: style.fontFamily };
}
