import type { PaletteColour, Shape } from "./svg-picture.ts";

/** Shapes of a picture as elements of the page, in the colours of the theme that is on. */
export function SvgShapes({ shapes }: { shapes: readonly Shape[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a shape is its place in the drawing
  return shapes.map((shape, index) => <SvgShape key={index} shape={shape} />);
}

function SvgShape({ shape }: { shape: Shape }) {
  if (shape.kind === "path") {
    return (
      <path
        d={shape.d}
        fill={shape.fill === undefined ? "none" : colourOf(shape.fill)}
        stroke={colourOf(shape.stroke)}
        strokeWidth={shape.width}
        strokeDasharray={shape.dash}
      />
    );
  }
  if (shape.kind === "box") {
    const { x, y, width, height, radius, fill, border } = shape;
    return (
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={radius}
        fill={colourOf(fill)}
        stroke={border === null ? undefined : colourOf(border.stroke)}
        strokeWidth={border?.width}
        strokeDasharray={border?.dash}
      />
    );
  }
  return (
    <text
      x={shape.x}
      y={shape.y}
      fontSize={shape.size}
      fontWeight={shape.isBold ? 600 : undefined}
      textAnchor={shape.anchor}
      fill={colourOf(shape.colour)}
      className={shape.font === "mono" ? "font-mono" : "font-sans"}
      {...(shape.halo !== undefined && {
        stroke: colourOf(shape.halo),
        strokeWidth: 3,
        strokeLinejoin: "round" as const,
        paintOrder: "stroke",
      })}
    >
      {shape.text}
    </text>
  );
}

function colourOf(name: PaletteColour): string {
  return `var(--${name})`;
}
