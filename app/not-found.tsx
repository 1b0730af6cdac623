import { cookies } from "next/headers";
import type { ReactElement } from "react";
import { COOKIES } from "#components/lib/cookies.ts";
import { ConsoleShell } from "#components/shell/console-shell.tsx";
import { NotFoundNotice } from "#components/shell/not-found-notice.tsx";

export default async function NotFound(): Promise<ReactElement> {
  const startsNarrow = (await cookies()).get(COOKIES.sidebar)?.value === "narrow";
  return (
    <ConsoleShell startsNarrow={startsNarrow}>
      <NotFoundNotice />
    </ConsoleShell>
  );
}
