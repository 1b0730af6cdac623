import { serveInThread } from "../serve-in-thread.ts";

/** Answers with what it was asked, and ends by itself where it is asked to. */
await serveInThread(async ({ greeting }: { greeting: string }) => ({
  listener: (request, response) => {
    if (request.url === "/end") throw new Error("It ended by itself.");
    if (request.url === "/never") return void response.write("begun");
    response.writeHead(201, { "set-cookie": ["a=1", "b=2"], "x-greeting": greeting });
    response.write(`${request.method} ${request.url} ${request.headers.host} `);
    request.pipe(response);
  },
  upgrade: async (_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.pipe(socket);
  },
  close: async () => {},
}));
