type SparklineProps = {
  /** Oldest first; null where nothing is known. */
  values: readonly (number | null)[];
  className?: string;
};

const WIDTH = 120;
const HEIGHT = 28;

/** A curve without axes, to show a course and no values. What is not known is left open. */
export function Sparkline({ values, className }: SparklineProps) {
  const highest = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const x = (index: number) => (index / Math.max(1, values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 1 - (value / highest) * (HEIGHT - 2);
  const path = values
    .map((value, index) => {
      if (value === null) return "";
      const isStart = values[index - 1] == null;
      return `${isStart ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}${isStart ? "h.1" : ""}`;
    })
    .join("");
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className ?? "h-7 w-full"}
    >
      <path
        d={path}
        fill="none"
        stroke="var(--accent)"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
