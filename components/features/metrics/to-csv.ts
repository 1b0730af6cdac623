import Papa from "papaparse";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";

/**
 * An answer as CSV: a row for each step, a column for each series. What is not known is an empty field; times are RFC 3339
 * in UTC. A name that a spreadsheet would take for a formula is quoted.
 */
export function toCsv({ metric, by, window, stepMs, series }: MetricAnswerDto): string {
  const startMs = Date.parse(window.from);
  const steps = series[0]?.values.length ?? 0;
  const names = series.map(({ labels }) => (by === null ? metric : (labels[by] ?? metric)));
  const rows = Array.from({ length: steps }, (_, index) => [
    new Date(startMs + index * stepMs).toISOString(),
    ...series.map(({ values }) => values[index] ?? null),
  ]);
  return `${Papa.unparse([["time", ...names], ...rows], { escapeFormulae: true, newline: "\n" })}\n`;
}
