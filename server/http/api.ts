import { randomUUID } from "node:crypto";
import type { RequestListener, Server } from "node:http";
import { parse as parseQuery } from "node:querystring";
import swagger from "@fastify/swagger";
import scalar from "@scalar/fastify-api-reference";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
} from "fastify";
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Context } from "#server/platform/context.ts";
import { takeEventPosts } from "./event-posts.ts";
import { readBodiesAsJson } from "./json-body.ts";
import { createErrorHandler, sendProblem } from "./problem.ts";
import { inRequests, readActors } from "./request-actor.ts";
import { alertDestinationRoutes } from "./routes/alert-destinations.ts";
import { alertRuleRoutes } from "./routes/alert-rules.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { annotationRoutes } from "./routes/annotations.ts";
import { auditLogRoutes } from "./routes/audit-log.ts";
import { channelRoutes } from "./routes/channels.ts";
import { correlationPathRoutes } from "./routes/correlation-paths.ts";
import { deadLetterRoutes } from "./routes/dead-letters.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { eventTypeRoutes } from "./routes/event-types.ts";
import { eventRoutes } from "./routes/events.ts";
import { expositionRoutes } from "./routes/exposition.ts";
import { failureCaseRoutes } from "./routes/failure-cases.ts";
import { failureRuleRoutes } from "./routes/failure-rules.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { outboxRoutes } from "./routes/outbox.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { processRoutes } from "./routes/processes.ts";
import { projectionRoutes } from "./routes/projections.ts";
import { replayRoutes } from "./routes/replays.ts";
import { sagaRoutes } from "./routes/sagas.ts";
import { sampleOrderRoutes } from "./routes/sample-orders.ts";
import { scenarioComparisonRoutes } from "./routes/scenario-comparison.ts";
import { scenarioRoutes } from "./routes/scenarios.ts";
import { schemaRoutes } from "./routes/schemas.ts";
import { streamRoutes } from "./routes/streams.ts";
import { subscriptionRoutes } from "./routes/subscriptions.ts";
import { topologyRoutes } from "./routes/topology.ts";
import { traceRoutes } from "./routes/traces.ts";
import { traceRequests } from "./trace-requests.ts";
import { installValidationWords } from "./validation-words.ts";

export type Api = FastifyInstance<
  Server,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * The public API, `/api/…`. The console reads through it too.
 *
 * @param openServer makes the HTTP server around the listener of the API.
 */
export async function createApi(
  given: Context,
  openServer: (listener: RequestListener) => Server,
): Promise<Api> {
  installValidationWords();
  const ctx = inRequests(given);
  const app = fastify({
    serverFactory: (listener) => openServer(takeEventPosts(ctx, listener)),
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096, querystringParser: (text) => ({ ...parseQuery(text) }) },
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed where they are made; checking each again would cost more than making it.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(createErrorHandler(ctx.log));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, {
      status: 404,
      code: "not-found",
      detail: `There is no ${request.method} ${request.url.split("?")[0]}. The API is described at /api/docs.`,
    }),
  );
  app.removeAllContentTypeParsers();
  // Streams are read line by line in the route; everything else is taken as bytes, so that nothing is changed.
  app.addContentTypeParser(/^application\/(x-)?ndjson/i, (_request, payload, done) => done(null, payload));
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Nagare",
        version: "1",
        description:
          "Everything that the console does, for scripts. Positions and other large numbers are decimal strings.",
      },
    },
    transform: jsonSchemaTransform,
  });
  readActors(app);
  traceRequests(app, ctx);
  app.addHook("onSend", (_request, reply, _payload, done) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("cache-control", "no-store");
    done();
  });

  await app.register(async (routes) => {
    const api = routes.withTypeProvider<ZodTypeProvider>() as Api; // same instance, seen with its types
    eventRoutes(api, ctx);
    expositionRoutes(api, ctx);
    healthRoutes(api, ctx);
    projectionRoutes(api, ctx);
    streamRoutes(api, ctx);
    api.get("/api/v1/openapi.json", { schema: { hide: true } }, () => app.swagger());
  });
  await app.register(async (routes) => {
    const api = routes.withTypeProvider<ZodTypeProvider>() as Api; // same instance, seen with its types
    readBodiesAsJson(api);
    auditLogRoutes(api, ctx);
    alertDestinationRoutes(api, ctx);
    alertRoutes(api, ctx);
    alertRuleRoutes(api, ctx);
    annotationRoutes(api, ctx);
    channelRoutes(api, ctx);
    correlationPathRoutes(api, ctx);
    deadLetterRoutes(api, ctx);
    deliveryRoutes(api, ctx);
    failureCaseRoutes(api, ctx);
    outboxRoutes(api, ctx);
    overviewRoutes(api, ctx);
    processRoutes(api, ctx);
    replayRoutes(api, ctx);
    scenarioRoutes(api, ctx);
    scenarioComparisonRoutes(api, ctx);
    sagaRoutes(api, ctx);
    sampleOrderRoutes(api, ctx);
    schemaRoutes(api, ctx);
    subscriptionRoutes(api, ctx);
    topologyRoutes(api, ctx);
    metricRoutes(api, ctx);
    traceRoutes(api, ctx);
    eventTypeRoutes(api, ctx);
    failureRuleRoutes(api, ctx);
  });
  await app.register(scalar, {
    routePrefix: "/api/docs",
    configuration: {
      url: "/api/v1/openapi.json",
      withDefaultFonts: false,
      hideClientButton: true,
      telemetry: false,
    },
  });
  await app.ready();
  return app as Api;
}
