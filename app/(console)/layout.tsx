import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { COOKIES } from "#components/lib/cookies.ts";
import { ConsoleShell } from "#components/shell/console-shell.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const startsNarrow = (await cookies()).get(COOKIES.sidebar)?.value === "narrow";
  return <ConsoleShell startsNarrow={startsNarrow}>{children}</ConsoleShell>;
}
