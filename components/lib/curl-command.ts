/** A command that sends JSON to the API as the console does, laid out to be read. */
export function curlCommand(method: "POST" | "PUT", url: string, body: unknown): string {
  const [first = "", ...rest] = JSON.stringify(body, null, 2).split("\n");
  return [
    `curl -sS -X ${method} ${url} \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${quoted(first)}`,
    ...rest.map((line) => `      ${quoted(line)}`),
  ]
    .join("\n")
    .concat("'");
}

/** Within single quotes a shell takes everything as it is, but for the single quote itself. */
function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
