import { maskText } from "./mask-text.ts";

/** Members that say what is wrong, and with which field, in the answers of the APIs and validators in use. */
const TELLING = [
  "type",
  "code",
  "error",
  "title",
  "message",
  "detail",
  "reason",
  "status",
  "error_code",
  "errorCode",
  "error_description",
  "errorMessage",
  "exception",
  "keyword",
  "instancePath",
  "schemaPath",
  "path",
  "field",
  "param",
  "pointer",
  "loc",
  "expected",
  "received",
  "fault",
  "faultstring",
  "msg",
];
const MEMBER = new RegExp(
  `"(?<name>${TELLING.join("|")})"\\s{0,9}:\\s{0,99}(?:"(?<text>(?:[^"\\\\]|\\\\.){0,400})"?|\\[(?<list>[^[\\]{}]{0,300})\\]|(?<plain>[\\w.+-]{1,40}))`,
  "g",
);
/** Members whose value is a word of a program, and stays as it is. */
const WORDS: ReadonlySet<string> = new Set([
  "type",
  "code",
  "error_code",
  "errorCode",
  "keyword",
  "status",
  "expected",
  "received",
  "param",
  "field",
]);
const FIELD_ERROR = /"([\w.[\]*$-]{1,80})"\s{0,9}:\s{0,9}\[\s{0,99}"((?:[^"\\]|\\.){0,400})"?/g;
const NAME = /"([\w.$-]{1,80})"\s{0,9}:/g;
const MAX_MEMBERS = 8;
const TITLE = /<title>([^<]{1,300})<\/title>/i;
const FAULT = /<(?:\w{1,20}:)?(?:faultstring|Code|Message|message|error)>([^<]{1,300})</;

/**
 * What an answer or a message in JSON says, without what differs from time to time: those members of it that say
 * what is wrong (RFC 9457 and what others do), at any depth, whatever their order. They are found in the text, since
 * the end of an answer is mostly cut off. Of HTML the title counts, of XML the message, of any other text its words.
 */
export function answerTemplate(text: string): string {
  const start = text.trimStart();
  if (start.startsWith("<")) {
    const found = TITLE.exec(start) ?? FAULT.exec(start);
    if (found !== null) return maskText(found[1] ?? "").trim();
  }
  return isJson(start) ? jsonTemplate(start) : maskText(text);
}

/** Whether the text begins as an object or an array of JSON does. */
export function isJson(text: string): boolean {
  return /^\s*(?:\{\s*"|\[\s*\{\s*")/.test(text);
}

function jsonTemplate(text: string): string {
  const told = [...tellingMembers(text), ...fieldErrors(text)];
  // Of what says nothing known, the names of its members at least.
  const parts = told.length > 0 ? told : [...text.matchAll(NAME)].map(([, name = ""]) => maskText(name));
  return [...new Set(parts)].sort().slice(0, MAX_MEMBERS).join("; ");
}

function tellingMembers(text: string): string[] {
  return [...text.matchAll(MEMBER)].map(({ groups = {} }) => {
    const { name = "", text: words, list, plain } = groups;
    const value = words ?? list ?? plain ?? "";
    // The words of a list are names of fields; its numbers are indices.
    const inner = list === undefined ? value : value.replace(/["\s]/g, "").replaceAll(",", ".");
    return `${name}: ${WORDS.has(name) && isWord(inner) ? inner : maskText(unescapeText(inner))}`;
  });
}

/** `"errors": {"amount": ["must be greater than 0"]}`, as ASP.NET, Laravel and Rails have it. */
function fieldErrors(text: string): string[] {
  const start = text.search(/"errors"\s{0,9}:\s{0,9}\{/);
  if (start === -1) return [];
  return [...text.slice(start).matchAll(FIELD_ERROR)].map(
    ([, field = "", words = ""]) => `${maskText(field)}: ${maskText(unescapeText(words))}`,
  );
}

function isWord(value: string): boolean {
  return /^(?:[A-Za-z][\w.:/#-]{0,80}|\d{1,5})$/.test(value);
}

function unescapeText(text: string): string {
  return text.replace(/\\(?:n|r|t)/g, " ").replace(/\\(["\\/])/g, "$1");
}
