import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { overviewSchema } from "#server/contract/overview.ts";

/** Who is on call sees within seconds that something is wrong. */
const REFRESH_MS = 2_000;

export const overviewQueries = {
  overview: () =>
    queryOptions({
      queryKey: ["overview"],
      queryFn: ({ signal }) => getJson("/overview", overviewSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),
};
