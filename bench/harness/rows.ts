/** One line of a report, and one element of the JSON that `--json` writes. */
export type BenchRow = {
  case: string;
  figure: number;
  unit: string;
  /** What the figure is measured against: the same work, done another way in the same run. In the same unit. */
  reference?: number;
  /** `figure / reference`. */
  ratio?: number;
  /** What is wanted, in words; empty for a row that is only there to be read. */
  target: string;
  met: boolean;
};

type Measured = { case: string; figure: number; unit: string };

/** A row whose figure must be at least so large. */
export function atLeast(limit: number, measured: Measured): BenchRow {
  return { ...rounded(measured), target: `≥ ${limit} ${measured.unit}`, met: measured.figure >= limit };
}

/** A row whose figure must be at most so large. */
export function atMost(limit: number, measured: Measured): BenchRow {
  return { ...rounded(measured), target: `≤ ${limit} ${measured.unit}`, met: measured.figure <= limit };
}

/** A row whose figure must be at least such a part of its reference. */
export function atLeastRatio(limit: number, measured: Measured & { reference: number }): BenchRow {
  const ratio = measured.figure / measured.reference;
  return {
    ...rounded(measured),
    reference: round(measured.reference),
    ratio: round(ratio),
    target: `≥ ${limit} of the reference`,
    met: ratio >= limit,
  };
}

/** A row that explains the others. */
export function forReading(measured: Measured): BenchRow {
  return { ...rounded(measured), target: "", met: true };
}

function rounded(measured: Measured): Measured {
  return { case: measured.case, figure: round(measured.figure), unit: measured.unit };
}

/** Three digits are more than a noisy machine can tell. */
function round(value: number): number {
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
