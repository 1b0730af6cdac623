const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a case is muted, as it is offered. */
export const MUTE_CHOICES = ["1h", "4h", "tomorrow", "1w", "other"] as const;
export type MuteChoice = (typeof MUTE_CHOICES)[number];

/** What is muted for longer is as good as forgotten. */
const LONGEST_MS = 90 * DAY_MS;

/** In the morning, when somebody is there again. */
const MORNING_HOUR = 9;

type WallClock = {
  /** How the clocks of the reader's zone show a moment: `2026-01-31 14:03:09`. */
  write: (at: string) => string;
  /** The moment that a text in that form names; null for one that is none. */
  read: (text: string) => string | null;
};

/** When a mute ends; null while another moment was chosen and is not readable. */
export function muteEnd(choice: MuteChoice, other: string, now: number, clock: WallClock): string | null {
  switch (choice) {
    case "1h":
      return new Date(now + HOUR_MS).toISOString();
    case "4h":
      return new Date(now + 4 * HOUR_MS).toISOString();
    case "1w":
      return new Date(now + 7 * DAY_MS).toISOString();
    case "tomorrow": {
      const [day = ""] = clock.write(new Date(now).toISOString()).split(" ");
      const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
      return clock.read(`${next} ${String(MORNING_HOUR).padStart(2, "0")}:00`);
    }
    case "other":
      return clock.read(other);
  }
}

/** Why a mute can't end then: no moment can be read, it has passed, or it is too far away. */
export type MuteProblem = "unread" | "past" | "far";

export function problemOfEnd(until: string | null, now: number): MuteProblem | null {
  if (until === null) return "unread";
  const lastsMs = Date.parse(until) - now;
  if (lastsMs <= 0) return "past";
  return lastsMs > LONGEST_MS ? "far" : null;
}
