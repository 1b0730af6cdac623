import type { PaletteColour } from "./svg-picture.ts";

/** The colours of the palette as they stand on an element, which is how its theme has them. */
export function readPalette(element: HTMLElement): (name: PaletteColour) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}
