/** Has the browser save what is behind an address. */
export function saveFile(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

/** Has the browser save a content as a file. */
export function saveContent(content: BlobPart, { name, type }: { name: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  saveFile(url, name);
  // The download has begun by then; freeing the address at once would break it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
