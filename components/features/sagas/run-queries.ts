import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  processTraceSchema,
  type RunActionInput,
  runActionAnswerSchema,
} from "#server/contract/processes.ts";

/** Time moves a run without a notice to those who see no socket. */
const REFRESH_MS = 5_000;

const PREVIEW = "process-run-preview";

/** Which run of which process. */
export type RunReference = { process: string; id: string };

/** Every read of runs of processes, and the keys under which they are kept. */
export const runQueries = {
  all: () => ["process-runs"] as const,

  one: (id: string) =>
    queryOptions({
      queryKey: [...runQueries.all(), "one", id],
      queryFn: ({ signal }) =>
        getJson(`/process-runs/${encodeURIComponent(id)}`, processTraceSchema, { signal }),
      refetchInterval: ({ state }) => (state.data?.endedAt == null ? REFRESH_MS : false),
    }),

  /** What an action would do; nothing is done. */
  preview: (run: RunReference, body: RunActionInput | null) =>
    queryOptions({
      queryKey: [PREVIEW, run.id, body],
      queryFn: ({ signal }) =>
        sendJson("POST", actionsPath(run), runActionAnswerSchema, {
          body: { ...body, dryRun: true },
          signal,
        }),
      enabled: body !== null,
      // Shown only as it is now.
      gcTime: 0,
      staleTime: 0,
      refetchOnWindowFocus: false,
    }),
};

/** Does an action. Sent twice, it is done once. */
export function useRunAction(run: RunReference) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: RunActionInput) => sendJson("POST", actionsPath(run), runActionAnswerSchema, { body }),
    // Whatever is shown of its flow changes with it. What it would do is asked again only where it was not done.
    onSettled: (_, error) =>
      client.invalidateQueries({
        predicate: ({ queryKey: [first] }) => error !== null || first !== PREVIEW,
      }),
  });
}

/** Where actions are sent to, below `/api/v1`. */
export function actionsPath({ process, id }: RunReference): string {
  return `/processes/${encodeURIComponent(process)}/runs/${encodeURIComponent(id)}/actions`;
}
