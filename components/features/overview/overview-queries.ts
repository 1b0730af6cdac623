import { queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { OVERVIEW_REFRESH_MS, overviewSchema } from "#server/contract/overview.ts";

export const overviewQueries = {
  overview: () =>
    queryOptions({
      queryKey: ["overview"],
      queryFn: ({ signal }) => getJson("/overview", overviewSchema, { signal }),
      refetchInterval: OVERVIEW_REFRESH_MS,
    }),
};
