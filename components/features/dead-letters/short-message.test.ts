import { expect, test } from "vitest";
import { shortMessage } from "./short-message.ts";

test.each([
  ["Card was declined.", "Card was declined."],
  ["The consumer answered 503 Service Unavailable.", "The consumer answered 503 Service Unavailable."],
  [
    "The consumer answered 503 Service Unavailable. Busy.\nCome back.",
    "503 Service Unavailable: Busy.\nCome back.",
  ],
  [
    'The consumer answered 422. {"type":"/no-currency","title":"Bad entry","detail":"Entry \\"7\\" has no currency","x":1}',
    '422: Entry "7" has no currency',
  ],
  ['The consumer answered 400. {"error":{"message":"No such tenant"', "400: No such tenant"],
  ['The consumer answered 400. {"ok":false}', '400: {"ok":false}'],
  [
    "The consumer answered 502 Bad Gateway. <html><title>Proxy is down</title>",
    "502 Bad Gateway: Proxy is down",
  ],
])("%s is shown in one line", (message, line) => {
  expect(shortMessage(message)).toBe(line);
});
