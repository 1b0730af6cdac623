import { VERDICTS, type Verdict } from "../verdict.ts";

export type Judged = { name: string; expected: Verdict; found: Verdict; confidence: number };

/** What was expected by rows, what was found by columns, and how sure the right answers were. */
export function drawMatrix(judged: readonly Judged[]): string {
  const width = Math.max(...VERDICTS.map(({ length }) => length)) + 2;
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padEnd(width)).join("");
  const rows = VERDICTS.map((expected) => {
    const own = judged.filter((one) => one.expected === expected);
    const right = own.filter(({ found }) => found === expected).map(({ confidence }) => confidence);
    const sure =
      right.length === 0 ? "" : `${Math.min(...right).toFixed(2)} to ${Math.max(...right).toFixed(2)}`;
    return line([
      expected,
      ...VERDICTS.map((verdict) => String(own.filter(({ found }) => found === verdict).length)),
      sure,
    ]);
  });
  return [line(["expected \\ found", ...VERDICTS, "confidence"]), ...rows].join("\n");
}
