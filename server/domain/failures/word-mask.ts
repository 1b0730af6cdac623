/** What stands for a part of an error message that differs from time to time. */
export type Placeholder = "num" | "id" | "time" | "duration" | "addr" | "email" | "path" | "str";

/** Words of the trade that have digits in them and still mean one thing. */
const TECHNICAL_WORD =
  /^(?:utf(?:8|16|32)|ucs2|latin1|iso8601|rfc\d{1,5}|sha(?:1|2|3|224|256|384|512)|md[45]|crc32|base(?:32|58|64)|u?int(?:8|16|32|64|128)|float(?:32|64)|[iuf](?:8|16|32|64)|ipv[46]|https?[123]?|h[23]|tls1|x509|x86|x64|i[36]86|arm64|amd64|win32|s3|ec2|k8s|i18n|l10n|oauth[12]|log4[jc]|p(?:256|384|521)|[ehrp]s(?:256|384|512)|pkcs(?:1|7|8|12)|r2dbc|db2|e2e|psycopg[23]|boto3|urllib3|sqlite3|mysql2|neo4j|argon2|mp[34]|v\d|h264)$/i;
/** Codes that name an error: Oracle, Azure, compilers of C# and TypeScript, MongoDB, failed HRESULTs. */
const ERROR_CODE = /^(?:AADSTS\d{4,7}|[CT]S\d{4}|E11000|42[0-9A-Z]{3}|0x8[\da-f]{7})$/i;

const ULID = /^[0-7][\dA-HJKMNP-TV-Z]{25}$/i;
const HEX = /^[\da-f]{7,}$/i;

/** From so many letters and digits on, a word that switches between them is an id. */
const SWITCHES_OF_ID = 3;
const LONG_ID = 16;
const LONG_NUMBER = 8;

/**
 * A run of letters and digits with at least one digit in it, without what differs from time to time. A short
 * number and a long one get different placeholders, since an id in hexadecimal may happen to have no letter in it.
 */
export function maskWord(word: string): string {
  if (TECHNICAL_WORD.test(word) || ERROR_CODE.test(word)) return word;
  if (/^\d+$/.test(word)) return word.length < LONG_NUMBER ? "<num>" : "<id>";
  if (isId(word)) return "<id>";
  return word.replace(/\d+/g, "<num>");
}

function isId(word: string): boolean {
  if (/^0x[\da-f]+$/i.test(word) || ULID.test(word) || HEX.test(word)) return true;
  const switches = countSwitches(word, /\d/);
  return word.length >= LONG_ID ? switches >= 2 : switches >= SWITCHES_OF_ID;
}

/** How often neighbours differ in being a digit. */
function countSwitches(word: string, digit: RegExp): number {
  let switches = 0;
  for (let at = 1; at < word.length; at += 1) {
    if (digit.test(word.charAt(at)) !== digit.test(word.charAt(at - 1))) switches += 1;
  }
  return switches;
}

/** From here on, neighbours of different classes are too many for words joined in camel case. */
const OPAQUE_SHARE = 0.45;

/**
 * Whether a long run of letters, digits and the signs of Base64 is encoded data rather than words: in random
 * Base64 about two of three neighbours are of different classes (capital, small letter, digit), in names joined
 * in camel case less than one of three.
 */
export function isOpaque(run: string): boolean {
  if (!/\d/.test(run) || !/[A-Z]/.test(run) || !/[a-z]/.test(run)) return false;
  let switches = 0;
  for (let at = 1; at < run.length; at += 1) {
    if (classOf(run.charCodeAt(at)) !== classOf(run.charCodeAt(at - 1))) switches += 1;
  }
  return switches / run.length > OPAQUE_SHARE;
}

function classOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return 0;
  if (code >= 0x41 && code <= 0x5a) return 1;
  if (code >= 0x61 && code <= 0x7a) return 2;
  return 3;
}
