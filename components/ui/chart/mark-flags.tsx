import Link from "next/link";
import { type Flag, flagsOf } from "./flags.ts";
import type { ChartMark, PlotArea } from "./time-plot.ts";

type MarkFlagsProps = {
  marks: readonly ChartMark[];
  /** Null until the chart was drawn. */
  area: PlotArea | null;
  fromMs: number;
  toMs: number;
};

/**
 * Flags at the upper edge of a chart: each says on hover what happened there, and leads to it. The list beside the charts
 * says the same to those who use a keyboard or a screen reader.
 */
export function MarkFlags({ marks, area, fromMs, toMs }: MarkFlagsProps) {
  if (area === null) return null;
  const flags = flagsOf(marks, { fromMs, toMs, widthPx: area.width });
  return (
    <div aria-hidden className="absolute top-0 h-0" style={{ left: area.left, width: area.width }}>
      {flags.map((flag) => (
        <MarkFlag key={flag.key} flag={flag} />
      ))}
    </div>
  );
}

function MarkFlag({ flag: { leftPx, colour, title, href } }: { flag: Flag }) {
  const look = "absolute top-0 z-10 flex h-3.5 w-3.5 -translate-x-1/2 justify-center hover:brightness-125";
  const place = { left: leftPx, color: colour };
  const sign = <span className="size-0 border-x-4 border-x-transparent border-t-6 border-t-current" />;
  return href === null ? (
    <span title={title} className={look} style={place}>
      {sign}
    </span>
  ) : (
    <Link href={href} prefetch={false} tabIndex={-1} title={title} className={look} style={place}>
      {sign}
    </Link>
  );
}
