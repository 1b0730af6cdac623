type RowTickProps = {
  label: string;
  isTicked: boolean;
  /** As a range where Shift was held. */
  onTick: (isRange: boolean) => void;
};

/** The tick of a row. Its label makes the whole cell a target. */
export function RowTick({ label, isTicked, onTick }: RowTickProps) {
  return (
    <label className="-mx-2 flex h-7 items-center justify-center pointer-coarse:h-11">
      <input
        type="checkbox"
        aria-label={label}
        checked={isTicked}
        className="size-3.5 accent-(--accent) pointer-coarse:size-5"
        // The click knows of Shift; a change by the space bar comes as a click, too.
        onChange={() => {}}
        onClick={(event) => onTick(event.shiftKey)}
      />
    </label>
  );
}
