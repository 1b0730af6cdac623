"use client";

import { useTranslations } from "next-intl";
import { readTemplate } from "./template-parts.ts";

/** A normalised text: what all occurrences share stands out, what differs steps back. */
export function ErrorTemplate({ text }: { text: string }) {
  const t = useTranslations("deadLetters.placeholders");
  return readTemplate(text).map((part, index) =>
    part.kind === "text" ? (
      part.text
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        key={index}
        title={t("hint", { what: t(part.name) })}
        className="rounded-sm bg-sunken px-1 text-ink-faint text-xs italic"
      >
        {t(part.name)}
      </span>
    ),
  );
}
