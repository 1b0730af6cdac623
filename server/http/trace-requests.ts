import type { Context } from "#server/platform/context.ts";
import type { Api } from "./api.ts";

/** Asked again and again by machines: of no interest in a trace. */
const UNTRACED = /^\/(metrics|api\/v1\/health)/;

/** Has a span written of each request, where spans go anywhere. */
export function traceRequests(
  api: Pick<Api, "addHook">,
  { meters: { spans } }: Pick<Context, "meters">,
): void {
  if (spans === null) return;
  api.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "(none)";
    if (!UNTRACED.test(route)) {
      const endMs = Date.now();
      const { statusCode } = reply;
      spans.record({
        name: `${request.method} ${route}`,
        kind: "server",
        startMs: endMs - reply.elapsedTime,
        endMs,
        parent: [request.headers.traceparent].flat()[0] ?? null,
        attributes: {
          "http.request.method": request.method,
          "http.route": route,
          "http.response.status_code": statusCode,
          "nagare.request_id": request.id,
        },
        error: statusCode >= 500 ? `Answered with ${statusCode}.` : null,
      });
    }
    done();
  });
}
