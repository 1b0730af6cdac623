/** Members of an answer in JSON that say in words what is wrong, the most telling first. */
const TELLING = ["detail", "message", "error_description", "errorMessage", "title", "error"];

/**
 * The text of an error for a single line: that a consumer answered goes without saying, and of what it answered in
 * JSON or HTML the words count.
 */
export function shortMessage(message: string): string {
  const [, status, answer] = /^The consumer answered ([^.]{1,100})\.\s+(\S[\s\S]*)$/.exec(message) ?? [];
  if (status === undefined || answer === undefined) return message;
  return `${status}: ${wordsOf(answer)}`;
}

function wordsOf(answer: string): string {
  if (answer.startsWith("<")) return /<title>([^<]{1,300})/i.exec(answer)?.[1]?.trim() || answer;
  if (!answer.startsWith("{")) return answer;
  // Found in the text, since the end of an answer is mostly cut off.
  for (const name of TELLING) {
    const words = new RegExp(`"${name}"\\s{0,9}:\\s{0,9}"((?:[^"\\\\]|\\\\.){1,400})`).exec(answer)?.[1];
    if (words !== undefined) return words.replace(/\\[nrt]/g, " ").replace(/\\(["\\/])/g, "$1");
  }
  return answer;
}
