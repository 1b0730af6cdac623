import type { BenchRow } from "./rows.ts";

/** The rows as a table for people. */
export function formatTable(rows: readonly BenchRow[]): string {
  return alignColumns([
    ["case", "figure", "unit", "reference", "ratio", "target", "met"],
    ...rows.map((row) => [
      row.case,
      formatNumber(row.figure),
      row.unit,
      row.reference === undefined ? "" : formatNumber(row.reference),
      row.ratio === undefined ? "" : row.ratio.toFixed(2),
      row.target,
      verdict(row),
    ]),
  ]);
}

/** Two results side by side, by case. */
export function formatComparison(before: readonly BenchRow[], after: readonly BenchRow[]): string {
  const old = new Map(before.map((row) => [row.case, row]));
  const cases = [...new Set([...before, ...after].map((row) => row.case))];
  const fresh = new Map(after.map((row) => [row.case, row]));
  return alignColumns([
    ["case", "A", "B", "unit", "change", "ratio A", "ratio B", "met A", "met B"],
    ...cases.map((name) => {
      const [a, b] = [old.get(name), fresh.get(name)];
      return [
        name,
        a ? formatNumber(a.figure) : "–",
        b ? formatNumber(b.figure) : "–",
        (b ?? a)?.unit ?? "",
        a && b && a.figure !== 0 ? formatChange(b.figure / a.figure) : "",
        a?.ratio?.toFixed(2) ?? "",
        b?.ratio?.toFixed(2) ?? "",
        a ? verdict(a) : "",
        b ? verdict(b) : "",
      ];
    }),
  ]);
}

/** Cases whose target was met in the first result and is missed or gone in the second. */
export function listLosses(before: readonly BenchRow[], after: readonly BenchRow[]): string[] {
  const stillMet = new Set(after.filter((row) => row.met).map((row) => row.case));
  return before.filter((row) => row.met && !stillMet.has(row.case)).map((row) => row.case);
}

function verdict({ target, met }: BenchRow): string {
  if (target === "") return "";
  return met ? "yes" : "NO";
}

function formatNumber(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(value);
}

function formatChange(factor: number): string {
  const percent = Math.round((factor - 1) * 100);
  return `${percent >= 0 ? "+" : ""}${percent} %`;
}

function alignColumns(lines: string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const isNumeric = (column: number) =>
    lines.slice(1).every((line) => /^[\d,.+\-–% ]*$/.test(line[column] ?? ""));
  const numeric = widths.map((_, column) => isNumeric(column));
  const format = (line: string[]) =>
    line
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = lines;
  return [format(head), widths.map((width) => "─".repeat(width)).join("  "), ...body.map(format)].join("\n");
}
