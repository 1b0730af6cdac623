import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TraceWithActions } from "./trace-with-actions.tsx";

type Props = { params: Promise<{ correlationid: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("trace");
  return { title: `${t("title")} ${await readValue(params)}` };
}

/** A large trace would make the page itself large, so the browser asks for it while the page is shown. */
export default async function Page({ params }: Props) {
  return <TraceWithActions value={await readValue(params)} />;
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
