import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import {
  foundFlowsSchema,
  SEQUENCE_FORMATS,
  type TraceDto,
  traceComparisonSchema,
  traceSchema,
} from "#server/contract/sagas.ts";
import { traceStatesSchema } from "#server/contract/trace-states.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import type { Context } from "#server/platform/context.ts";
import { compareFlows } from "../../sagas/compare-flows.ts";
import { exportSequence } from "../../sagas/export-sequence.ts";
import { findFlows } from "../../sagas/find-flows.ts";
import { getTrace } from "../../sagas/get-trace.ts";
import { getTraceStates } from "../../sagas/get-trace-states.ts";
import { MAX_TRACE_EVENTS } from "../../sagas/read-flow.ts";
import { AnswersAhead } from "../answers-ahead.ts";
import type { Api } from "../api.ts";

const tags = ["Sagas"];
const by = z.enum(CORRELATIONS);
const value = z.string().min(1).max(1024);
const subject = z.string().min(1).max(1024).optional();
const at = z.string().min(1).max(64).optional();
const flow = { by, value, subject };

const FLOW =
  "The flow is named by what its events share: a correlation id, a trace id, or the value at a configured place of " +
  "their payloads. Where several sagas run under it, `subject` says which one; without it, the first.";

export function traceRoutes(api: Api, ctx: Context): void {
  const ahead = new AnswersAhead<TraceDto>(ctx.clock);
  api.get(
    "/api/v1/flows",
    {
      schema: {
        tags,
        summary: "Find the flows that a text names exactly, sagas or not",
        description:
          "`q` is a correlation id, a trace id, a value at a configured place of payloads, or the subject of events. The " +
          "first five flows are given; each is a reference for `/api/v1/traces`.",
        querystring: z.strictObject({ q: value }),
        response: { 200: foundFlowsSchema, 400: problemSchema },
      },
    },
    ({ query: { q } }) => findFlows(ctx, q),
  );

  api.get(
    "/api/v1/traces",
    {
      schema: {
        tags,
        summary: "Get one flow: who did what when, because of what, and where it stands",
        description:
          `${FLOW} It needn't be a saga. With \`at\` (microseconds since 1970, or RFC 3339) it is given as it was known ` +
          `at that moment. A trace holds the first ${MAX_TRACE_EVENTS} events of its flow. It is packed into columns. With ` +
          "`Prefer: respond-async` (RFC 7240) it is begun, and 202 answered at once; whoever asks the same in the next five " +
          "seconds gets it.",
        querystring: z.strictObject({ ...flow, at }),
        response: { 200: traceSchema, 202: z.void(), 400: problemSchema, 404: problemSchema },
      },
    },
    async ({ query, headers }, reply) => {
      const key = JSON.stringify([query.by, query.value, query.subject, query.at]);
      if (headers.prefer !== "respond-async") return (await ahead.take(key)) ?? (await getTrace(ctx, query));
      ahead.begin(key, () => getTrace(ctx, query));
      return reply.code(202).send();
    },
  );

  api.get(
    "/api/v1/traces/states",
    {
      schema: {
        tags,
        summary:
          "Get what the aggregates of a flow were at a moment, and what read models showed of them then",
        description:
          `${FLOW} An aggregate is what its events recorded by then add up to; a read model shows those that it had ` +
          "applied by then. How far read models had come is kept for a day.",
        querystring: z.strictObject({ ...flow, at }),
        response: { 200: traceStatesSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ query }) => getTraceStates(ctx, query),
  );

  api.get(
    "/api/v1/traces/sequence",
    {
      schema: {
        tags,
        summary: "Export the sequence diagram of one flow as Mermaid text",
        description: FLOW,
        querystring: z.strictObject({ ...flow, at, format: z.enum(SEQUENCE_FORMATS) }),
        response: { 200: z.string(), 400: problemSchema, 404: problemSchema },
      },
    },
    async ({ query }, reply) => {
      const { contentType, fileName, text } = await exportSequence(ctx, query);
      return reply
        .type(contentType)
        .header("content-disposition", `attachment; filename="${fileName}"`)
        .serializer((body: string) => body)
        .send(text);
    },
  );

  api.get(
    "/api/v1/traces/comparison",
    {
      schema: {
        tags,
        summary:
          "Compare two flows: where they part, how long their steps took, and what their payloads said",
        description: `${FLOW} The first divergence is the earliest step, in the order of causes, that differs.`,
        querystring: z.strictObject({ ...flow, otherBy: by, otherValue: value, otherSubject: subject }),
        response: { 200: traceComparisonSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ query: { otherBy, otherValue, otherSubject, ...one } }) =>
      compareFlows(ctx, one, { by: otherBy, value: otherValue, subject: otherSubject }),
  );
}
