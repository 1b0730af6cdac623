import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { requireLoopback } from "../harness/load-process.ts";

export type Answer = {
  status: number;
  body: string;
  /** Seconds that the answer asks to wait for. */
  retryAfter: number | null;
};

const HEADERS_END = Buffer.from("\r\n\r\n");

/**
 * One kept-alive connection that sends ready bytes and waits for each answer, at a few microseconds a request: on a
 * machine of few cores every cycle of a client is taken from the server that it measures. Answers must have a
 * `content-length`.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer | null = null;
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("The server closed the connection.")));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = requireLoopback(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** @param request the whole request, head and body. */
  send(request: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#received === null ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = bytes;
    const end = bytes.indexOf(HEADERS_END);
    if (end < 0) return;
    const head = bytes.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#fail(new Error(`An answer without a length:\n${head}`));
      return;
    }
    const bodyEnd = end + 4 + Number(length);
    if (bytes.length < bodyEnd) return;
    this.#received = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    const status = Number(head.slice(9, 12));
    const retryAfter = status === 503 ? /\r\nretry-after: (\d+)/i.exec(head)?.[1] : undefined;
    waiting?.resolve({
      status,
      body: bytes.toString("utf8", end + 4, bodyEnd),
      retryAfter: retryAfter === undefined ? null : Number(retryAfter),
    });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

/** The bytes of a `POST /api/v1/events`. */
export function formatPost(url: string, contentType: string, body: string): Buffer {
  const { host } = requireLoopback(url);
  return Buffer.from(
    `POST /api/v1/events HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${contentType}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
