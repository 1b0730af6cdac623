"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { traceHref } from "#components/shell/destinations.ts";
import { sagaQueries } from "./saga-queries.ts";

/** Flows that the search names exactly, where no saga matches. */
export function ListFlows({ search }: { search: string }) {
  const t = useTranslations("sagas.empty");
  const found = useQuery(sagaQueries.flows(search.trim()));
  const flows = found.data?.flows ?? [];
  if (flows.length === 0) return null;
  return (
    <div className="mb-2">
      <p id="named-flows">{t("flows", { count: flows.length })}</p>
      <ul aria-labelledby="named-flows" className="mt-1 flex flex-col items-center gap-1">
        {flows.map((flow) => (
          <li key={traceHref(flow)} className="max-w-full">
            <Link
              href={traceHref(flow)}
              className="wrap-anywhere font-mono text-accent text-sm hover:underline"
            >
              {flow.value}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
