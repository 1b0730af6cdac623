import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

type Value = { stringValue?: string; intValue?: number | string };
type Attribute = { key: string; value: Value };

export type CollectedSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  links?: { traceId: string; spanId: string }[];
  status: { code?: number; message?: string };
};

type Body = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: CollectedSpan[] }[] }[];
};

/** A collector that takes OTLP over HTTP: what came as JSON is decoded. */
export async function openTraceCollector() {
  const requests: { path: string; headers: IncomingHttpHeaders; bytes: number }[] = [];
  const spans: CollectedSpan[] = [];
  const resources: Attribute[][] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    requests.push({ path: request.url ?? "", headers: request.headers, bytes: body.length });
    if (request.headers["content-type"] === "application/json") {
      const { resourceSpans } = JSON.parse(body.toString()) as Body; // what the format says
      for (const { resource, scopeSpans } of resourceSpans) {
        resources.push(resource.attributes);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    spans,
    resources,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
