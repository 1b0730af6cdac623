/** A text that is the same for equal JSON values, whatever the order of their members. */
export function valueText(value: unknown): string {
  // JSON has no word for the Infinity that a number beyond all doubles is read as.
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${valueText(member)}`);
  return `{${members.sort().join()}}`;
}
