/** Formats that payloads are held to; any other is a remark. */
export const ASSERTED_FORMATS = [
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uri-reference",
  "uri-template",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
  "regex",
  "int32",
  "int64",
  "float",
  "double",
] as const;

const OF_NUMBERS: readonly string[] = ["int32", "int64", "float", "double"];

export function isAssertedFormat(format: string): boolean {
  return ASSERTED_FORMATS.some((asserted) => asserted === format);
}

export function isFormatOfNumbers(format: string): boolean {
  return OF_NUMBERS.includes(format);
}
