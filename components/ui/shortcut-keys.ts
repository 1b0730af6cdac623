/** How long the first key of a sequence such as `g l` waits for the next one. */
export const SEQUENCE_MS = 1000;

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const NAMES: Record<string, string> = {
  " ": "space",
  Enter: "enter",
  Escape: "escape",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const MODIFIERS = new Set(["Control", "Meta", "Shift", "Alt", "AltGraph", "CapsLock"]);

/** A key press as `k`, `?`, `shift+j` or `mod+k` (Ctrl, or Command on a Mac); null for what is no chord of ours. */
export function readChord(press: KeyPress): string | null {
  if (MODIFIERS.has(press.key) || press.altKey) return null;
  const key = NAMES[press.key] ?? (press.key.length === 1 ? press.key.toLowerCase() : press.key);
  const isLetter = press.key.length === 1 && press.key.toLowerCase() !== press.key.toUpperCase();
  const isShifted = press.shiftKey && (isLetter || press.key.length > 1);
  return `${press.ctrlKey || press.metaKey ? "mod+" : ""}${isShifted ? "shift+" : ""}${key}`;
}

export type PendingKeys = { keys: string; at: number } | null;

export type KeyMatch =
  | { kind: "matched"; keys: string }
  | { kind: "pending"; pending: { keys: string; at: number } }
  | { kind: "none" };

/** What a chord means after what was pressed before it, among the bindings that exist. */
export function matchKeys(
  bindings: readonly string[],
  pending: PendingKeys,
  chord: string,
  now: number,
): KeyMatch {
  const isFresh = pending !== null && now - pending.at <= SEQUENCE_MS;
  const candidates = isFresh ? [`${pending.keys} ${chord}`, chord] : [chord];
  for (const keys of candidates) {
    if (bindings.includes(keys)) return { kind: "matched", keys };
    if (bindings.some((binding) => binding.startsWith(`${keys} `))) {
      return { kind: "pending", pending: { keys, at: now } };
    }
  }
  return { kind: "none" };
}
