import { classNames } from "./class-names.ts";

type CellFigureProps = { value: string | null; isQuiet?: boolean | undefined; isAlarming?: boolean };

/** A number in a cell. Zeros and what does not apply step back, so that the rest is seen. */
export function CellFigure({ value, isQuiet = false, isAlarming = false }: CellFigureProps) {
  return (
    <span
      className={classNames(
        "text-xs tabular-nums",
        isAlarming && "font-medium text-danger-ink",
        (isQuiet || value === null) && "text-ink-faint",
      )}
    >
      {value ?? "–"}
    </span>
  );
}
