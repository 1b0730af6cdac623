"use client";

import { PageFailure } from "#components/shell/page-failure.tsx";

/** For what fails outside the console's own frame. */
export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="grid h-dvh place-items-center">
      <PageFailure error={error} retry={retry} />
    </main>
  );
}
