import {
  BellRing,
  Braces,
  ChartSpline,
  FlaskConical,
  Gauge,
  Layers,
  type LucideIcon,
  MailWarning,
  Radio,
  Rows3,
  Split,
  SquareFunction,
  Table2,
  Waypoints,
} from "lucide-react";

export type RoomId =
  | "overview"
  | "live"
  | "events"
  | "topology"
  | "sagas"
  | "metrics"
  | "alerts"
  | "deadLetters"
  | "consumers"
  | "streams"
  | "schemas"
  | "projections"
  | "scenarios";

export type Room = {
  id: RoomId;
  /** Null for a room that the console does not have: it is named, but leads nowhere. */
  href:
    | "/"
    | "/live"
    | "/events"
    | "/topology"
    | "/sagas"
    | "/metrics"
    | "/alerts"
    | "/dead-letters"
    | "/consumers"
    | "/streams"
    | "/schemas"
    | "/projections"
    | "/scenarios"
    | null;
  icon: LucideIcon;
  /** Pressed after `g`. */
  letter: string;
};

type RoomGroup = { id: "observe" | "repair" | "system" | "learn"; rooms: readonly Room[] };

/** Everything the console shows, in the order in which a person on call needs it. */
export const ROOM_GROUPS: readonly RoomGroup[] = [
  {
    id: "observe",
    rooms: [
      { id: "overview", href: "/", icon: Gauge, letter: "o" },
      { id: "live", href: "/live", icon: Radio, letter: "l" },
      { id: "events", href: "/events", icon: Rows3, letter: "e" },
      { id: "topology", href: "/topology", icon: Waypoints, letter: "t" },
      { id: "sagas", href: "/sagas", icon: Split, letter: "s" },
      { id: "metrics", href: "/metrics", icon: ChartSpline, letter: "m" },
      { id: "alerts", href: "/alerts", icon: BellRing, letter: "a" },
    ],
  },
  {
    id: "repair",
    rooms: [{ id: "deadLetters", href: "/dead-letters", icon: MailWarning, letter: "d" }],
  },
  {
    id: "system",
    rooms: [
      { id: "consumers", href: "/consumers", icon: SquareFunction, letter: "c" },
      { id: "streams", href: "/streams", icon: Layers, letter: "r" },
      { id: "schemas", href: "/schemas", icon: Braces, letter: "h" },
      { id: "projections", href: "/projections", icon: Table2, letter: "p" },
    ],
  },
  { id: "learn", rooms: [{ id: "scenarios", href: "/scenarios", icon: FlaskConical, letter: "n" }] },
];

/** The rooms that can be entered. */
export const OPEN_ROOMS = ROOM_GROUPS.flatMap((group) => group.rooms).filter(
  (room): room is Room & { href: NonNullable<Room["href"]> } => room.href !== null,
);

/** Addresses outside of a room that belong to it. */
const ANNEXES: Record<string, readonly string[]> = { "/sagas": ["/flows"] };

/** Whether a path lies in a room: the room itself, something below it, or what belongs to it. */
export function isInRoom(pathname: string, href: string): boolean {
  const roots = [href, ...(ANNEXES[href] ?? [])];
  return roots.some((root) => pathname === root || pathname.startsWith(`${root}/`));
}
