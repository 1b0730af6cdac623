import { pathToFileURL } from "node:url";
import type { ErrorRecord } from "#server/domain/error-record.ts";

const FOLDER = import.meta.dirname;
const ADDRESS = pathToFileURL(FOLDER).href;

/**
 * An error without the calls of the bus in its trace. They differ from a first attempt to a retry, so that one fault
 * would be two failure cases, and they tell nobody anything about the handler.
 */
export function withoutOwnFrames(error: ErrorRecord): ErrorRecord {
  if (error.stack === undefined) return error;
  return { ...error, stack: error.stack.split("\n").filter(isForeign).join("\n") };
}

function isForeign(line: string): boolean {
  const isFrame = /^\s*at /.test(line);
  return !isFrame || !(line.includes(`${FOLDER}/`) || line.includes(`${ADDRESS}/`));
}
