/** What an injected failure looks like to the bus. */
export const FAULT_ERROR_KINDS = [
  /** Worth another attempt, such as a busy service. */
  "retryable",
  /** No attempt can help, such as a payload that nobody can read. */
  "final",
  /** The consumer hangs until its time is up. */
  "timeout",
] as const;
export type FaultErrorKind = (typeof FAULT_ERROR_KINDS)[number];

/** What is made to go wrong in one consumer. Rates are shares of the attempts, from 0 to 1. */
export type Fault = {
  failureRate: number;
  errorKind: FaultErrorKind;
  /** Added to the work of every attempt. */
  latencyMs: number;
  /** Every attempt fails as if nobody were there. */
  isDown: boolean;
  /** Messages of this key fail for good. */
  poisonKey: string | null;
  /** Handled twice, as when a broker did not hear the acknowledgement. */
  duplicateRate: number;
  /** Held back, so that later ones overtake. */
  reorderRate: number;
  /** The effect is there, but what would be published about it gets lost. */
  lostReplyRate: number;
};

export const NO_FAULT: Fault = {
  failureRate: 0,
  errorKind: "retryable",
  latencyMs: 0,
  isDown: false,
  poisonKey: null,
  duplicateRate: 0,
  reorderRate: 0,
  lostReplyRate: 0,
};

/** Ways in which one thing goes wrong. What makes sense depends on who it goes wrong for. */
export const FAULT_CHOICES = [
  "retryable",
  "final",
  "timeout",
  "down",
  "latency",
  "poison",
  "duplicate",
  "reorder",
  "lostReply",
] as const;
export type FaultChoice = (typeof FAULT_CHOICES)[number];

/** Of calls that are waited for, none overtakes another. */
export const CALL_FAULTS: readonly FaultChoice[] = FAULT_CHOICES.filter((choice) => choice !== "reorder");
/** A read model takes each event once, in order, and nobody waits for what it says. */
export const PROJECTION_FAULTS: readonly FaultChoice[] = ["latency", "down", "poison"];

/** The ways that a fault combines. */
export function choicesIn(fault: Fault): FaultChoice[] {
  const isChosen: Record<FaultChoice, boolean> = {
    retryable: fault.failureRate > 0 && fault.errorKind === "retryable",
    final: fault.failureRate > 0 && fault.errorKind === "final",
    timeout: fault.failureRate > 0 && fault.errorKind === "timeout",
    down: fault.isDown,
    latency: fault.latencyMs > 0,
    poison: fault.poisonKey !== null,
    duplicate: fault.duplicateRate > 0,
    reorder: fault.reorderRate > 0,
    lostReply: fault.lostReplyRate > 0,
  };
  return FAULT_CHOICES.filter((choice) => isChosen[choice]);
}

/** How long a message that is overtaken is held back at least, and how much longer at most. */
const HELD_BACK_MS = 500;
const HELD_BACK_MORE_MS = 2_000;

export type FaultDecision = {
  delayMs: number;
  failure: { kind: FaultErrorKind; message: string } | null;
  /** How often the message is handled. */
  times: 1 | 2;
  losesReply: boolean;
};

/**
 * What becomes of one attempt. The same message, attempt and fault give the same decision with the same `random`.
 *
 * @param keys all that the message is known by: an order, a customer
 * @param random from 0 up to, not including, 1
 */
export function decideFault(fault: Fault, keys: readonly string[], random: () => number): FaultDecision {
  // Drawn in one order, whatever the fault is: turning one knob does not change what the others do.
  const [failure, duplicate, reorder, hold, reply] = [random(), random(), random(), random(), random()];
  const isOvertaken = reorder < fault.reorderRate;
  return {
    delayMs: fault.latencyMs + (isOvertaken ? HELD_BACK_MS + Math.round(hold * HELD_BACK_MORE_MS) : 0),
    failure: failureOf(fault, keys, failure),
    times: duplicate < fault.duplicateRate ? 2 : 1,
    losesReply: reply < fault.lostReplyRate,
  };
}

function failureOf(fault: Fault, keys: readonly string[], drawn: number): FaultDecision["failure"] {
  if (fault.isDown) return { kind: "retryable", message: "Connection refused: the service is down." };
  if (fault.poisonKey !== null && keys.includes(fault.poisonKey)) {
    return { kind: "final", message: `The data of ${fault.poisonKey} can't be read.` };
  }
  if (drawn >= fault.failureRate) return null;
  const messages: Record<FaultErrorKind, string> = {
    retryable: "The service is busy. Try again later.",
    final: "The service refuses the message for good.",
    timeout: "The service did not answer.",
  };
  return { kind: fault.errorKind, message: messages[fault.errorKind] };
}

/** Numbers from 0 up to, not including, 1 that look random and follow from the seed (mulberry32). */
export function seededRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < seed.length; at += 1) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
