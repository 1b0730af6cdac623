import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import { getJson, sendJson } from "#components/lib/api-client.ts";
import {
  policyAnswerSchema,
  type SchemaInput,
  type SchemaPolicy,
  schemaCheckSchema,
  schemaVersionDtoSchema,
  typeDetailSchema,
  typePageSchema,
  typeSchemasSchema,
  violationPageSchema,
} from "#server/contract/schemas.ts";

const PAGE_SIZE = 100;
/** Counts change without a notice, with every event. */
const REFRESH_MS = 5_000;

const typePath = (type: string) => `/types/${encodeURIComponent(type)}`;
const schemaPath = (type: string, version: string) =>
  `/schemas/${encodeURIComponent(type)}/${encodeURIComponent(version)}`;

/** Every read of event types and schemas, and the keys under which they are kept. */
export const schemaQueries = {
  all: () => ["schemas"] as const,

  /** Event types by name; `search` is a part of it. */
  types: (search: string) =>
    infiniteQueryOptions({
      queryKey: [...schemaQueries.all(), "types", search],
      queryFn: ({ pageParam, signal }) =>
        getJson("/types", typePageSchema, {
          query: { q: search, after: pageParam, limit: PAGE_SIZE },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextAfter,
      refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
      placeholderData: keepPreviousData,
    }),

  /** One type with its counts and the shape of its newest payloads. */
  type: (type: string) =>
    queryOptions({
      queryKey: [...schemaQueries.all(), "type", type],
      queryFn: ({ signal }) => getJson(typePath(type), typeDetailSchema, { signal }),
      refetchInterval: REFRESH_MS,
    }),

  /** The registered versions of a type that has some. */
  versions: (type: string) =>
    queryOptions({
      queryKey: [...schemaQueries.all(), "versions", type],
      queryFn: ({ signal }) => getJson(`/schemas/${encodeURIComponent(type)}`, typeSchemasSchema, { signal }),
    }),

  /** Events that violate, newest first. */
  violations: (type: string) =>
    infiniteQueryOptions({
      queryKey: [...schemaQueries.all(), "violations", type],
      queryFn: ({ pageParam, signal }) =>
        getJson(`${typePath(type)}/violations`, violationPageSchema, {
          query: { before: pageParam },
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.nextBefore,
      refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
    }),

  /** What enforcing would refuse of the newest events; asked anew each time. */
  measured: (type: string) =>
    queryOptions({
      queryKey: [...schemaQueries.all(), "measured", type],
      queryFn: ({ signal }) =>
        sendJson("PUT", `${typePath(type)}/policy`, policyAnswerSchema, {
          body: { policy: "enforce", dryRun: true },
          signal,
        }),
      staleTime: 0,
      gcTime: 0,
    }),
};

/** Reads everything about types and schemas anew. */
export function useRefreshSchemas() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: schemaQueries.all() });
}

/** Reads the violations of a type anew; its counts follow by themselves. */
export function useRefreshViolations(type: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: schemaQueries.violations(type).queryKey });
}

type VersionInput = { version: string; body: SchemaInput };

/** What would come of a registration. */
export function useCheckSchema(type: string) {
  return useMutation({
    mutationFn: ({ version, body }: VersionInput) =>
      sendJson("POST", `${schemaPath(type, version)}/check`, schemaCheckSchema, { body }),
  });
}

export function useRegisterSchema(type: string) {
  const onSuccess = useRefreshSchemas();
  return useMutation({
    mutationFn: ({ version, body }: VersionInput) =>
      sendJson("PUT", schemaPath(type, version), schemaVersionDtoSchema, { body }),
    onSuccess,
  });
}

export function useDeleteSchema(type: string) {
  const onSuccess = useRefreshSchemas();
  return useMutation({
    mutationFn: (version: string) => sendJson("DELETE", schemaPath(type, version), z.unknown()),
    onSuccess,
  });
}

export function useSetPolicy(type: string) {
  const onSuccess = useRefreshSchemas();
  return useMutation({
    mutationFn: (policy: SchemaPolicy) =>
      sendJson("PUT", `${typePath(type)}/policy`, policyAnswerSchema, { body: { policy } }),
    onSuccess,
  });
}
