/** A colour as a canvas takes it, which knows no custom properties: `var(--name)` as it stands on an element. */
export function colourOf(colour: string, style: CSSStyleDeclaration): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined ? colour : style.getPropertyValue(name);
}

/** Calls back whenever colours are others: they are those of the theme, which is an attribute of the document. */
export function onOtherColours(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
