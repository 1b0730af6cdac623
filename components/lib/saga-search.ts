/**
 * What is looked for when somebody asks for "order 123": the word that tells it from others. A business key is found by
 * its beginning, or by what stands behind its last sign, so that `123` finds `order-123`.
 */
export function sagaSearchText(typed: string): string {
  const text = typed.trim();
  const last = text.split(/\s+/u).at(-1) ?? "";
  return /\d/.test(last) ? last.replace(/^#/, "") : text;
}
