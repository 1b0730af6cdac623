/**
 * A failure case: the dead letters of one fingerprint, and what people do about them.
 *
 * ```
 *            mute                      resolve
 *   open ───────────> muted     open, muted ───> resolved
 *     ^                 │                           │
 *     ├── unmute, or its end comes                  │
 *     └── reopen, or the fingerprint returns ───────┘
 * ```
 *
 * Nothing that returns is lost: it is counted in every status. A muted case stays quiet until its end, and no end is
 * further away than `LONGEST_MUTE_MS`. A resolved case opens by itself when a delivery dies of the same cause after it
 * was resolved; one that died before, and is only counted late, is old news.
 */
export type FailureCase = {
  fingerprint: string;
  /** Dead letters with this fingerprint, ever. */
  count: number;
  firstSeenMs: number;
  lastSeenMs: number;
  /** How often it returned after it was resolved. */
  returns: number;
  owner: string | null;
  /** Of the ticket in another system. */
  ticketUrl: string | null;
  /** Oldest first; they stay, whatever becomes of the case. */
  notes: readonly CaseNote[];
} & (
  | { status: "open" }
  | { status: "muted"; untilMs: number; by: string }
  | { status: "resolved"; atMs: number; by: string }
);

export const CASE_STATUSES = ["open", "muted", "resolved"] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

export type CaseNote = { atMs: number; by: string; text: string };

export type CaseCommand =
  /** Dead letters were added; `lastSeenMs` is when the newest of them died. */
  | { kind: "see"; count: number; firstSeenMs: number; lastSeenMs: number }
  | { kind: "mute"; by: string; untilMs: number }
  | { kind: "unmute" }
  | { kind: "resolve"; by: string }
  | { kind: "reopen" }
  | { kind: "assign"; owner: string | null }
  | { kind: "link"; ticketUrl: string | null }
  | { kind: "note"; by: string; text: string };

export type CaseMove =
  | { kind: "moved"; failureCase: FailureCase; isReturn: boolean }
  /** `isInput`: whatever stands in the case, what was given can't be. */
  | { kind: "refused"; reason: string; isInput: boolean };

export const CASE_LIMITS = { note: 4000, notes: 500, owner: 200, ticketUrl: 2000 };
/** Ninety days: whoever wants to hear nothing for longer than that resolves or discards. */
export const LONGEST_MUTE_MS = 90 * 24 * 3_600_000;

export function newFailureCase(
  fingerprint: string,
  count: number,
  firstSeenMs: number,
  lastSeenMs: number,
): FailureCase {
  return {
    status: "open",
    fingerprint,
    count,
    firstSeenMs,
    lastSeenMs,
    returns: 0,
    owner: null,
    ticketUrl: null,
    notes: [],
  };
}

/** The status at a moment: a mute whose end has come is over, though nobody has written it down yet. */
export function statusAt(failureCase: FailureCase, nowMs: number): CaseStatus {
  const { status } = failureCase;
  return status === "muted" && nowMs >= failureCase.untilMs ? "open" : status;
}

/** Applies a command, or says why it doesn't apply and what to do. */
export function moveCase(failureCase: FailureCase, command: CaseCommand, nowMs: number): CaseMove {
  const status = statusAt(failureCase, nowMs);
  const current = status === "open" ? opened(failureCase) : failureCase;
  switch (command.kind) {
    case "see":
      return see(current, command);
    case "mute": {
      const { by, untilMs } = command;
      if (status === "resolved") return refused("The case is resolved. Reopen it before you mute it.");
      if (!(untilMs > nowMs)) return refusedInput("The end of the mute has passed. Choose a later one.");
      if (untilMs - nowMs > LONGEST_MUTE_MS)
        return refusedInput("A case can be muted for 90 days. Choose an earlier end.");
      return moved({ ...common(current), status: "muted", untilMs, by });
    }
    case "unmute":
      if (status !== "muted") return refused("The case is not muted.");
      return moved(opened(current));
    case "resolve":
      if (status === "resolved") return refused("The case is resolved already.");
      return moved({ ...common(current), status: "resolved", atMs: nowMs, by: command.by });
    case "reopen":
      if (status !== "resolved") return refused("The case is open already.");
      return moved(opened(current));
    case "assign": {
      const owner = command.owner?.trim() || null;
      if ((owner?.length ?? 0) > CASE_LIMITS.owner) {
        return refusedInput(`The owner's name is longer than ${CASE_LIMITS.owner} characters. Shorten it.`);
      }
      return moved({ ...current, owner });
    }
    case "link":
      return link(current, command.ticketUrl);
    case "note":
      return addNote(current, { by: command.by, text: command.text.trim(), atMs: nowMs });
  }
}

function see(
  current: FailureCase,
  { count, firstSeenMs, lastSeenMs }: CaseCommand & { kind: "see" },
): CaseMove {
  const counted = {
    ...current,
    count: current.count + count,
    firstSeenMs: Math.min(current.firstSeenMs, firstSeenMs),
    lastSeenMs: Math.max(current.lastSeenMs, lastSeenMs),
  };
  if (counted.status !== "resolved" || lastSeenMs <= counted.atMs) return moved(counted);
  const failureCase = { ...opened(counted), returns: counted.returns + 1 };
  return { kind: "moved", failureCase, isReturn: true };
}

function link(current: FailureCase, ticketUrl: string | null): CaseMove {
  if (ticketUrl === null || ticketUrl.trim() === "") return moved({ ...current, ticketUrl: null });
  const url = URL.parse(ticketUrl.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.href.length > CASE_LIMITS.ticketUrl) {
    return refusedInput("The link is no address of the web. Give one that begins with https://.");
  }
  return moved({ ...current, ticketUrl: url.href });
}

function addNote(current: FailureCase, note: CaseNote): CaseMove {
  if (note.text === "") return refusedInput("The note is empty. Write what you found.");
  if (note.text.length > CASE_LIMITS.note) {
    return refusedInput(`The note is longer than ${CASE_LIMITS.note} characters. Split it.`);
  }
  if (current.notes.length >= CASE_LIMITS.notes) {
    return refused(`The case has ${CASE_LIMITS.notes} notes. Go on in its ticket.`);
  }
  return moved({ ...current, notes: [...current.notes, note] });
}

/** What a case has in every status. */
function common({
  fingerprint,
  count,
  firstSeenMs,
  lastSeenMs,
  returns,
  owner,
  ticketUrl,
  notes,
}: FailureCase) {
  return { fingerprint, count, firstSeenMs, lastSeenMs, returns, owner, ticketUrl, notes };
}

function opened(failureCase: FailureCase): FailureCase {
  return { ...common(failureCase), status: "open" };
}

function moved(failureCase: FailureCase): CaseMove {
  return { kind: "moved", failureCase, isReturn: false };
}

function refused(reason: string): CaseMove {
  return { kind: "refused", reason, isInput: false };
}

function refusedInput(reason: string): CaseMove {
  return { kind: "refused", reason, isInput: true };
}
