"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { replayHref } from "#components/shell/destinations.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { formatJson } from "#components/ui/json-format.ts";
import type { LetterDetailDto } from "#server/contract/dead-letters.ts";

/** What replays sent instead of the payload, each against the original, which never changes. */
export function LetterEdits({
  letter: { data, edits },
}: {
  letter: Pick<LetterDetailDto, "data" | "edits">;
}) {
  const t = useTranslations("deadLetters.edits");
  const before = formatJson(data.text).text;
  return (
    <ol className="flex flex-col gap-3">
      {edits.map(({ generation, replay, text }) => (
        <li key={generation} className="flex min-w-0 flex-col gap-1">
          <p className="text-xs">
            {t.rich("of", {
              id: replay,
              link: (words) => (
                <Link href={replayHref(replay)} prefetch={false} className="text-accent hover:underline">
                  {words}
                </Link>
              ),
            })}
          </p>
          <div className="flex max-h-72 flex-col overflow-hidden rounded-md border border-line">
            <DiffView
              before={before}
              after={formatJson(text).text}
              label={t("diff", { id: replay })}
              unchanged={t("unchanged")}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}
