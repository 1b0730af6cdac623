import { type Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { type Agent as HttpsAgent, request as requestHttps } from "node:https";

export type Message = { headers: Record<string, string>; body: Uint8Array };

type SendOptions = {
  agents: { "http:": HttpAgent; "https:": HttpsAgent };
  signal: AbortSignal;
};

/** What is read of an answer that says why it failed. */
const BEGINNING_BYTES = 16 * 1024;
/** Read to the end, so that the connection can be used again; what is longer is cut off with its connection. */
const DISCARDED_BYTES = 64 * 1024;

/**
 * Posts a message and resolves with the head of the answer. When a connection that was kept open turns out to have
 * been closed by the other side, the message goes out once more on another one.
 */
export async function sendMessage(
  url: URL,
  message: Message,
  options: SendOptions,
): Promise<IncomingMessage> {
  const first = await sendOnce(url, message, options);
  if (first.kind === "answered") return first.answer;
  const isStale = first.wasReused && first.error.code === "ECONNRESET" && !options.signal.aborted;
  const second = isStale ? await sendOnce(url, message, options) : first;
  if (second.kind === "answered") return second.answer;
  throw second.error;
}

type Sent =
  | { kind: "answered"; answer: IncomingMessage }
  | { kind: "broken"; error: NodeJS.ErrnoException; wasReused: boolean };

function sendOnce(url: URL, { headers, body }: Message, { agents, signal }: SendOptions): Promise<Sent> {
  return new Promise((resolve) => {
    const common = { method: "POST", headers: { ...headers, "content-length": String(body.length) }, signal };
    const request =
      url.protocol === "https:"
        ? requestHttps(url, { ...common, agent: agents["https:"] })
        : requestHttp(url, { ...common, agent: agents["http:"] });
    request.once("response", (answer) => resolve({ kind: "answered", answer }));
    request.on("error", (error) => resolve({ kind: "broken", error, wasReused: request.reusedSocket }));
    request.end(body);
  });
}

/** The first bytes of a body. What breaks off while it is read is not an error: the status has said it all. */
export async function readBeginning(answer: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= BEGINNING_BYTES) break;
    }
  } catch {
    // Cut off by the consumer or by the timeout.
  }
  return Buffer.concat(chunks).subarray(0, BEGINNING_BYTES);
}

/** Lets a body go by, in the background. */
export function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on("error", () => {});
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARDED_BYTES) answer.destroy();
  });
}
