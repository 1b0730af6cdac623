import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type Received = { headers: IncomingHttpHeaders; body: string };
export type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** A server that takes whatever is posted, and answers as a test says: by default with 200. */
export async function openHttpReceiver() {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    const { status, headers = {}, body = "ok" } = answers.shift() ?? { status: 200 };
    response.writeHead(status, { connection: "close", ...headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    /** What the next requests are answered with. */
    answerNext: (...next: Answer[]) => answers.push(...next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A mail server that takes mail from one user, and refuses addresses as a test says. */
export async function openMailReceiver() {
  const received: { from: string; to: string[]; text: string }[] = [];
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onAuth: ({ username, password }, _session, done) => {
      if (username === "nagare" && password === "secret") done(null, { user: username });
      else done(new Error("Who is that?"));
    },
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = refused.get(address);
      if (responseCode === undefined) done();
      else done(Object.assign(new Error("Not taken"), { responseCode }));
    },
    onData: async (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      received.push({
        from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
        to: envelope.rcptTo.map(({ address }) => address),
        text: Buffer.concat(chunks).toString(),
      });
      done();
    },
  });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo; // it listens on a port
  return {
    url: `smtp://nagare:secret@127.0.0.1:${port}`,
    received,
    /** Mail to the address is refused with the code from now on. */
    refuse: (address: string, code: number) => refused.set(address, code),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
