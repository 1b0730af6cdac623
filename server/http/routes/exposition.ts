import type { FastifyTypeProviderDefault } from "fastify";
import type { Context } from "#server/platform/context.ts";
import { EXPOSITIONS, type ExpositionFormat } from "../../gauges/exposition.ts";
import { getExposition } from "../../gauges/get-exposition.ts";
import type { Api } from "../api.ts";

export function expositionRoutes(api: Api, ctx: Context): void {
  // The answer is a text of a format of its own: the default provider does not type it.
  api.withTypeProvider<FastifyTypeProviderDefault>().get(
    "/metrics",
    {
      schema: {
        tags: ["Metrics"],
        summary: "Get what is measured, for Prometheus and its like",
        description:
          "OpenMetrics 1.0; the older text format of Prometheus for who accepts only that. What a process counts of its " +
          "own work begins with its start (`_created`); gauges of the system are the same from every process.",
        produces: Object.values(EXPOSITIONS),
      },
    },
    async ({ headers }, reply) => {
      const format = acceptedFormat(headers.accept);
      const text = await getExposition(ctx, format);
      return reply.header("content-type", EXPOSITIONS[format]).send(Buffer.from(text));
    },
  );
}

/** OpenMetrics, unless something else is liked better. */
export function acceptedFormat(accept: string | undefined): ExpositionFormat {
  const liked = (type: string) => {
    const range = (accept ?? "*/*").split(",").find((one) => one.trim().toLowerCase().startsWith(type));
    return range === undefined ? null : Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
  };
  const plain = liked("text/plain") ?? liked("text/*") ?? 0;
  const open = liked("application/openmetrics-text") ?? liked("application/*") ?? liked("*/*") ?? 0;
  return plain > open ? "prometheus" : "openmetrics";
}
