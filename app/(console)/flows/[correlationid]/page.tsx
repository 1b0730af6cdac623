import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { traceQuery } from "#components/features/trace/trace-queries.ts";
import { toTraceReference } from "#components/features/trace/trace-view.ts";
import { askAhead } from "#components/lib/ask-ahead.ts";
import { EarlyRead } from "#components/lib/early-read.tsx";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { TraceWithActions } from "./trace-with-actions.tsx";

type Props = {
  params: Promise<{ correlationid: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("trace");
  return { title: `${t("title")} ${await readValue(params)}` };
}

/** A large trace would make the page itself large, so the browser asks for it, at once, while the page is shown. */
export default async function Page({ params, searchParams }: Props) {
  const value = await readValue(params);
  const asked = toSearchParams(await searchParams);
  const reference = toTraceReference(value, {
    correlation: asked.get("correlation"),
    subject: asked.get("subject"),
  });
  const query = traceQuery(reference, null);
  await askAhead("/traces", query);
  return (
    <>
      <EarlyRead path="/traces" query={query} />
      <TraceWithActions value={value} />
    </>
  );
}

/** Parameters of a path arrive as they stand in the address. */
async function readValue(params: Props["params"]): Promise<string> {
  const { correlationid } = await params;
  try {
    return decodeURIComponent(correlationid);
  } catch {
    return correlationid;
  }
}
