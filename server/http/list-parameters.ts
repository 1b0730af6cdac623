import type { FastifyRequest } from "fastify";

/** Takes parameters that may be repeated, meaning "or", as lists also where they stand once. */
export function asLists(names: readonly string[]) {
  return async (request: FastifyRequest): Promise<void> => {
    const query = request.query as Record<string, unknown>; // of the query parser, before it is validated
    for (const name of names) {
      if (typeof query[name] === "string") query[name] = [query[name]];
    }
  };
}
