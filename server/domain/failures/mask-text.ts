import { isQuotedName, QUOTED_PATTERN } from "./quoted-text.ts";
import { isOpaque, maskWord, type Placeholder } from "./word-mask.ts";

/**
 * Takes out of a text what differs between two occurrences of one error, and puts placeholders in its place.
 *
 * Log template miners do it in two steps: known forms first, by expressions, then every word with a digit in it
 * (P. He et al., "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017, sections III-B and III-C). The
 * known forms are those of Sentry's grouping (`src/sentry/grouping/parameterization.py` in getsentry/sentry).
 * Other than Drain, nothing is learned from other messages, so that a text has the same template always and
 * everywhere; other than both:
 *
 * - codes that name an error stay (a status of HTTP, an SQLSTATE, `ORA-00942`), since they tell causes apart;
 * - names of hosts stay, without port and number, since they say which dependency failed; of a URL its scheme and
 *   host stay; IP addresses go;
 * - what stands in quotes goes, save where the words around it say that it is a name (`column "total"`);
 * - an absolute path goes if it is one of files; the words of others (a route, a JSON Pointer) stay;
 * - a list of values becomes one value.
 *
 * Each expression starts only where a run of its characters starts, and each repetition is bounded or ends in
 * nothing, so that the time is linear in the length of the text. What comes out is a fixed point.
 */
export function maskText(text: string): string {
  let masked = text;
  // What was taken out may bring a pair of quotes together, or free a neighbour. Two rounds do, save for garbage.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = maskOnce(masked);
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

const MAX_ROUNDS = 10;

function maskOnce(text: string): string {
  const masked = text.replace(FORMS, (match: string, ...rest: unknown[]) => {
    // Each form is one group; behind the groups stand the offset and the text.
    const form = FORMS_IN_ORDER[rest.findIndex((group) => group !== undefined)];
    return form?.replace(match, text, Number(rest.at(-2))) ?? match;
  });
  return masked.replace(LIST_OF_ONE, "$1");
}

type Replacer = (match: string, text: string, offset: number) => string;
type Form = { name: string; pattern: string; replace: Replacer };

const placeholder =
  (name: Placeholder): Replacer =>
  () =>
    `<${name}>`;
const keep: Replacer = (match) => match;

/** No letter and no digit before, or behind. An underscore parts words. */
const B = "(?<![A-Za-z0-9])";
const E = "(?![A-Za-z0-9])";
const UUID = String.raw`${B}[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}${E}`;
const WORD = String.raw`${B}(?=[A-Za-z]{0,60}\d)[A-Za-z\d]+`;
/** Ends of names in Kubernetes: the hash of a template, then five signs of an alphabet without vowels. */
const POD = String.raw`(?<=[a-z]-)[\da-f]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}${E}`;
const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})){0,2}(?: \([A-Z][A-Za-z ]{2,40}\))?`;
const IPV6 = String.raw`(?=[\da-fA-F:]{0,39}\d)(?:[\da-fA-F]{0,4}:){2,7}[\da-fA-F]{0,4}(?:\.\d{1,3}){0,3}(?:%\w{1,16})?`;
const UNIT =
  "(?:ns|µs|us|ms|msecs?|millis|milliseconds?|microseconds?|nanoseconds?|s|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?)";
const EXTENSION =
  "(?:[cm]?[jt]sx?|json|py|pyc|rb|php|go|rs|java|kt|scala|cs|fs|vb|cpp|cc|c|h|hpp|swift|ex|exs|sql|ya?ml|xml|html?|txt|csv|log|conf|ini|env|pem|crt|key|sock|lock|tmp|pdf|png|jpe?g|zip|gz|tar|parquet|avro|proto|dll|exe|so|jar|sh)";

const FORMS_IN_ORDER: readonly Form[] = [
  { name: "placeholder", pattern: "<(?:num|id|time|duration|addr|email|path|str)>", replace: keep },
  { name: "quoted", pattern: QUOTED_PATTERN, replace: maskQuoted },
  {
    // The values of a key or a row, as Postgres tells them.
    name: "tuple",
    pattern: String.raw`(?:=|\brow contains )\([^()\n]{1,500}\)`,
    replace: (match) => `${match.slice(0, match.indexOf("("))}(<str>)`,
  },
  {
    // A document that is quoted though there are quotes in it, as Jackson does.
    name: "source",
    pattern: String.raw`\(String\)"[^\n]{0,500}"(?=; line)`,
    replace: () => "(String)<str>",
  },
  {
    name: "url",
    pattern: String.raw`${B}[A-Za-z][A-Za-z\d+.-]{1,20}:\/\/[^\s"'<>\`]+`,
    replace: maskUrl,
  },
  {
    name: "email",
    pattern: String.raw`(?<![\w.%+@-])[\w.%+-]{1,64}@(?:[A-Za-z\d-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])`,
    replace: placeholder("email"),
  },
  {
    name: "date",
    pattern: String.raw`${B}\d{4}(?:-\d{2}-|\/\d{2}\/|\.\d{2}\.)\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?${ZONE})?${E}`,
    replace: placeholder("time"),
  },
  {
    name: "compactDate",
    pattern: String.raw`${B}\d{8}T\d{6}(?:\.\d{1,9})?Z?${E}`,
    replace: placeholder("time"),
  },
  {
    name: "writtenDate",
    pattern: String.raw`${B}(?:${DAY},? )?(?:\d{1,2}[ -]${MONTH}[ -]\d{2,4}|${MONTH} \d{1,2},? \d{4}|${MONTH} \d{1,2}(?= \d{1,2}:))(?: (?:${CLOCK}${ZONE}(?: \d{4})?))?${E}`,
    replace: placeholder("time"),
  },
  {
    name: "clock",
    pattern: String.raw`${B}(?:\d{1,5}\.)?(?:${CLOCK}(?: ?[AaPp][Mm])?|\d{1,2}:\d{2} ?[AaPp][Mm])${E}`,
    replace: placeholder("time"),
  },
  {
    name: "uuid",
    pattern: UUID,
    replace: placeholder("id"),
  },
  {
    name: "ipv6",
    pattern: String.raw`(?<![\w:.>])(?:\[${IPV6}\](?::\d{1,5})?|${IPV6})(?!\w|:\w)`,
    replace: placeholder("addr"),
  },
  {
    name: "ipv4",
    pattern: String.raw`(?<![A-Za-z0-9.])(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|\/\d{1,2})?|localhost:\d{1,5})${E}`,
    replace: placeholder("addr"),
  },
  {
    name: "windowsPath",
    pattern: String.raw`${B}[A-Za-z]:[\\\/][^\s"'<>|:*?]+(?::(?:line )?\d{1,7}){0,2}`,
    replace: placeholder("path"),
  },
  {
    name: "absolutePath",
    pattern: String.raw`(?<![\w\/.~>-])(?:~|\.{1,2})?(?:\/[\w.@+~-]{1,200}){1,40}\/?(?::\d{1,7}${E}){0,2}`,
    replace: maskPath,
  },
  {
    name: "relativePath",
    pattern: String.raw`(?<![\w\/.@+~>-])(?:[\w.@+-]{1,100}\/){1,30}[\w@+-][\w.@+-]{0,100}\.${EXTENSION}(?![\w-])(?::\d{1,7}${E}){0,2}`,
    replace: placeholder("path"),
  },
  {
    name: "pod",
    pattern: POD,
    replace: placeholder("id"),
  },
  {
    name: "code",
    pattern: String.raw`${B}(?:(?:[Ss]tatus(?:[ _]?[Cc]ode)?|STATUS|HTTP(?:\/\d(?:\.\d)?)?|[Ee]rror(?: [Cc]ode)?|ERROR|[Cc]ode|[Ee]rrno|[Ss]ignal)[\s:=#(\[]{1,3}\d{1,5}|SQLSTATE[\s:=(\[]{1,2}[\dA-Z]{5}|(?:ORA|PLS|TNS)-\d{5})(?![\dA-Za-z.])`,
    replace: keep,
  },
  {
    name: "duration",
    pattern: String.raw`${B}(?:\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,9})? ?${UNIT}|(?:\d{1,9}(?:\.\d{1,9})?(?:h|m|s|ms|µs|us|d)){1,5}|PT(?:\d{1,9}(?:\.\d{1,9})?[HMS]){1,3})${E}`,
    replace: placeholder("duration"),
  },
  {
    name: "opaque",
    pattern: String.raw`(?<![\w+\/=-])[\w+\/=-]{24,}`,
    replace: (match) => (isOpaque(match) ? "<id>" : match.replace(WITHIN_RUN, maskPart)),
  },
  {
    name: "decimal",
    pattern: String.raw`(?<![A-Za-z0-9.>])(?:(?<![\w)\]-])[-+])?[vV]?\d+(?:[.,]\d+)+(?:[eE][+-]?\d{1,5})?${E}`,
    replace: placeholder("num"),
  },
  {
    name: "signed",
    pattern: String.raw`(?<![\w>)\]+-])[-+]\d+${E}`,
    replace: (match) => maskWord(match.slice(1)),
  },
  { name: "word", pattern: WORD, replace: maskWord },
];

const FORMS = new RegExp(FORMS_IN_ORDER.map(({ pattern }) => `(${pattern})`).join("|"), "g");
/** The same placeholder again and again, with nothing but commas and space between. */
const LIST_OF_ONE = /(<(?:num|id|time|duration|addr|email|path|str)>)(?:[,;]?\s?\1)+/g;
/** Ids and words within a run of joined words. */
const WITHIN_RUN = new RegExp(`${UUID}|${POD}|${WORD}`, "g");

function maskPart(part: string): string {
  return part.includes("-") ? "<id>" : maskWord(part);
}

function maskQuoted(match: string, text: string, offset: number): string {
  const content = match.slice(1, -1);
  if (!isQuotedName(content, text, offset, offset + match.length)) return "<str>";
  const name = maskName(content);
  // A number by itself is no part of a name.
  if (/(?:^|[^\w<>])<(?!str)/.test(name)) return "<str>";
  return match.charAt(0) + name + match.charAt(match.length - 1);
}

/** Of a name, a small number at the end of a word stays: `address1` and `address2` are two columns. */
function maskName(name: string): string {
  const masked = maskText(name);
  if (masked.includes("<id>")) return masked;
  const parts = name.split(/((?<![A-Za-z\d])[A-Za-z]{2,}\d{1,2}(?![A-Za-z\d]))/);
  return parts.map((part, index) => (index % 2 === 0 ? maskText(part) : part)).join("");
}

/** Scheme and host, without user, port, path and query. */
function maskUrl(match: string): string {
  const end = /[.,;:!?)\]}]{0,9}$/.exec(match)?.[0] ?? "";
  const url = match.slice(0, match.length - end.length);
  const start = url.indexOf("://") + 3;
  const authority = url.slice(start).split(/[/?#]/, 1)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d*$/, "");
  return url.slice(0, start) + maskText(host) + end;
}

const ROOTS =
  /^(?:~|\.{1,2})\/|^\/(?:usr|var|tmp|home|opt|app|srv|etc|root|mnt|data|proc|dev|run|workspace|Users|private|lib|bin|build|code|go|src)(?:\/|$)/;
const FILE_END = new RegExp(`\\.${EXTENSION}(?::\\d{1,7}){0,2}$`);

/** A path of files goes; of a route or a pointer the words stay. */
function maskPath(match: string): string {
  if (ROOTS.test(match) || FILE_END.test(match)) return "<path>";
  return match.split("/").map(maskSegment).join("/");
}

function maskSegment(segment: string): string {
  return segment === "" ? "" : maskText(segment);
}
