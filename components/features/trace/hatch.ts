const SIZE_PX = 6;

/** Diagonal lines that fill what lies dead. */
export function makeHatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const tile = document.createElement("canvas");
  tile.width = SIZE_PX;
  tile.height = SIZE_PX;
  const brush = tile.getContext("2d");
  if (brush === null) return null;
  brush.strokeStyle = colour;
  brush.lineWidth = 1.5;
  for (const shift of [-SIZE_PX, 0, SIZE_PX]) {
    brush.beginPath();
    brush.moveTo(shift - 1, SIZE_PX + 1);
    brush.lineTo(shift + SIZE_PX + 1, -1);
    brush.stroke();
  }
  return context.createPattern(tile, "repeat");
}
