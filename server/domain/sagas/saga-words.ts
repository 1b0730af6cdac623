/**
 * What names of types say. Names follow no rule, so all of this only speaks for something, and proves nothing.
 */

const FAILURES = alternatives(
  "failed|failure|fail|declined|rejected|refused|denied|error|errored|expired|unavailable|insufficient|invalid|aborted",
  "bounced|unsuccessful|out-of-stock|sold-out|timed-out|timeout|not-(?:available|possible|found|allowed|authori[sz]ed)",
);

/** Words for taking back, whatever it is that is taken back. */
const UNDOING = stems(
  "cancel|revert|roll(?:ed)?-?back|undo|undone|compensat|revers|refund|releas|revok|retract|unreserv|void|recall",
);

/** What is done, and what takes that back. */
const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [stems("charg|pay|paid|debit|captur|bill|process|authori"), stems("refund|repa[iy]|credit|void|revers")],
  [stems("reserv|allocat|hold|held|lock|block"), stems("releas|unreserv|free|unlock|unblock|deallocat")],
  [stems("book|reserv|ship|schedul|plac|order|dispatch|request|confirm|enrol"), stems("cancel|recall")],
  [stems("subscri|enrol"), stems("unsubscri|withdraw")],
  [
    stems("creat|add|insert|open|regist|provision"),
    stems("delet|remov|clos|deregist|deprovision|take|taken"),
  ],
  [stems("credit|earn|deposit"), stems("debit|deduct|withdraw")],
  [stems("grant|issu|approv|assign|enabl"), stems("revok|withdraw|unassign|disabl")],
];

export type TypeWords = {
  /** The type says that something went wrong. */
  isFailure: boolean;
  isUndoing: boolean;
  /** By pair, as bits: on which side of it the type stands. */
  does: number;
  undoes: number;
};

/** Reads names of types, each only once. */
export function wordReader(): (type: string) => TypeWords {
  const read = new Map<string, TypeWords>();
  return (type) => {
    const known = read.get(type) ?? readWords(type);
    read.set(type, known);
    return known;
  };
}

function readWords(type: string): TypeWords {
  const words = hyphenate(type);
  const sides = (side: 0 | 1) =>
    PAIRS.reduce((bits, pair, index) => (pair[side].test(words) ? bits | (1 << index) : bits), 0);
  return {
    isFailure: FAILURES.test(words),
    isUndoing: UNDOING.test(words),
    does: sides(0),
    undoes: sides(1),
  };
}

/** `order.PaymentFailed` is `order-payment-failed`. */
function hyphenate(type: string): string {
  return type
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1-$2")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .toLowerCase();
}

function alternatives(...words: string[]): RegExp {
  return new RegExp(`(?:^|-)(?:${words.join("|")})(?:-|$)`);
}

function stems(words: string): RegExp {
  return new RegExp(`(?:^|-)(?:${words})`);
}
