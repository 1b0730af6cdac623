import { createServer } from "node:http";
import { openTestBus } from "#server/bus/testing/open-bus.ts";
import { createApi } from "../api.ts";

/** The API on a database of its own, asked without a network; but events are posted over one, as they are streams. */
export async function openTestApi() {
  const bus = await openTestBus();
  const app = await createApi(bus.ctx, (listener) => createServer(listener));
  return {
    ...bus,
    ask: async (
      method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE",
      url: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const answer = await app.inject({
        method,
        url,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, body: answer.body === "" ? null : JSON.parse(answer.body) };
    },
    /** For answers that are no JSON. */
    fetchText: async (url: string, query: Record<string, string> = {}) => {
      const answer = await app.inject({ method: "GET", url, query });
      const { "content-type": type, "content-disposition": disposition } = answer.headers;
      return { status: answer.statusCode, type, disposition, text: answer.body };
    },
    postEvents: async (body: unknown) => {
      const address = app.server.listening ? app.listeningOrigin : await app.listen({ port: 0 });
      const answer = await fetch(`${address}/api/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
    close: async () => {
      await app.close();
      await bus.close();
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;
