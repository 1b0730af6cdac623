/**
 * Numbers of JSON by their text: what a double can't hold (64-bit integers, long decimals, great exponents) is
 * compared as exactly as anything else.
 */
export type ExactNumber = {
  isNegative: boolean;
  /** Without zeros at either end; empty for zero. */
  digits: string;
  /** The value is `0.digits` times ten to the power of this. */
  exponent: bigint;
};

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Null when the text is no number of JSON. */
export function readNumber(literal: string): ExactNumber | null {
  const found = NUMBER.exec(literal);
  if (found === null) return null;
  const [, sign = "", whole = "", fraction = "", power = "0"] = found;
  const all = whole + fraction;
  const start = all.search(/[1-9]/);
  if (start === -1) return { isNegative: false, digits: "", exponent: 0n };
  return {
    isNegative: sign === "-",
    digits: withoutLastZeros(all.slice(start)),
    exponent: BigInt(power) + BigInt(whole.length - start),
  };
}

/** Below zero when a is the smaller one, zero when both are the same number: 1, 1.0 and 10e-1 are. */
export function compareNumbers(a: ExactNumber, b: ExactNumber): number {
  if (signOf(a) !== signOf(b)) return signOf(a) - signOf(b);
  return a.isNegative ? compareSizes(b, a) : compareSizes(a, b);
}

/** A text that is the same for the same number, however it is written. */
export function numberKey({ isNegative, digits, exponent }: ExactNumber): string {
  return digits === "" ? "0" : `${isNegative ? "-" : ""}${digits}e${exponent}`;
}

function compareSizes(a: ExactNumber, b: ExactNumber): number {
  if (a.exponent !== b.exponent) return a.exponent < b.exponent ? -1 : 1;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}

function signOf({ isNegative, digits }: ExactNumber): number {
  if (digits === "") return 0;
  return isNegative ? -1 : 1;
}

/** Not by an expression: where zeros stand in the middle, one would look at them again and again. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}
