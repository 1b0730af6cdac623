/**
 * Media types, as far as the readers must understand them (RFC 2045 section 5.1).
 */

export type MediaType = {
  /** `type/subtype`, lower case, without parameters. */
  essence: string;
  /** The charset parameter, lower case, or null. */
  charset: string | null;
};

const MEDIA_TYPE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ ]*;[\x20-\x7e]*)?$/;
const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i;

/** Types whose content is characters although neither `text/` nor a charset says so. */
const TEXTUAL = new Set([
  "application/ecmascript",
  "application/graphql",
  "application/javascript",
  "application/json-seq",
  "application/jsonl",
  "application/ndjson",
  "application/sql",
  "application/toml",
  "application/x-ndjson",
  "application/x-www-form-urlencoded",
  "application/x-yaml",
  "application/xml",
  "application/xml-dtd",
  "application/yaml",
]);

/** The media type that a header or a `datacontenttype` names, or null when the text is not one. */
export function parseMediaType(text: string): MediaType | null {
  if (!MEDIA_TYPE.test(text)) return null;
  const parameters = text.indexOf(";");
  if (parameters === -1) return { essence: text.toLowerCase(), charset: null };
  const charset = CHARSET.exec(text);
  return {
    essence: text.slice(0, parameters).trimEnd().toLowerCase(),
    charset: (charset?.[1] ?? charset?.[2] ?? null)?.toLowerCase() ?? null,
  };
}

/** A subtype `json`, or one that ends in `+json`, declares JSON (CloudEvents JSON format section 3.1.1). */
export function isJsonType({ essence }: MediaType): boolean {
  return essence.endsWith("/json") || essence.endsWith("+json");
}

/** Whether content of this type is characters, which can be kept and shown as text. */
export function isTextType({ essence, charset }: MediaType): boolean {
  if (charset !== null || essence.startsWith("text/") || TEXTUAL.has(essence)) return true;
  return essence.endsWith("+xml") || essence.endsWith("+yaml");
}

/** Whether UTF-8 is what the type declares, or nothing to the contrary. */
export function isUtf8Type({ charset }: MediaType): boolean {
  return charset === null || charset === "utf-8" || charset === "utf8" || charset === "us-ascii";
}
